import type { EChartsOption, MarkAreaComponentOption, MarkLineComponentOption } from 'echarts'
import type { Outcome } from '#contract/outcomes.ts'
import type { FailureRun, TimelineBin } from '#contract/result.ts'
import { OUTCOME_WORDS } from '../outcome-words.ts'
import { outcomesSeen } from '../table/error-table.ts'
import { canvas, figureAxis } from './axis.ts'
import type { Frame } from './chart.ts'
import { ALARM, INK, INK_SOFT, OUTCOME_COLOURS } from './palette.ts'

/** Events nearer than this part of the run would print their numbers over each other. */
const CROWDED_SHARE = 0.05

/** The same for both, so that one second stands above the other. */
const GRID_SIDES = { left: 60, right: 18, outerBoundsMode: 'none' } as const

const seconds = (ms: number) => ms / 1000

/** The fault's band, in the colour of its two lines. It lies over the areas of the outcomes: behind them nobody would see it. */
function faultBand(run: FailureRun, label: string): MarkAreaComponentOption {
  return {
    silent: true,
    z: 6,
    itemStyle: { color: ALARM, opacity: 0.12 },
    label: { show: label !== '', position: 'insideTop', color: INK },
    data: [[{ name: label, xAxis: seconds(run.faultAtMs) }, { xAxis: seconds(run.healAtMs) }]],
  }
}

/** A numbered line at each event, whole where the harness did it; what the numbers stand for is in the chart's keys. */
function eventLines({ events, durationMs }: FailureRun): MarkLineComponentOption {
  const crowded = (at: number) =>
    at % 2 === 1 && (events[at]?.atMs ?? 0) - (events[at - 1]?.atMs ?? 0) < durationMs * CROWDED_SHARE
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: INK, type: 'dotted', width: 1 },
    label: { color: INK, position: 'end', formatter: '{b}' },
    data: events.map(({ atMs, source }, at) => ({
      name: String(at + 1),
      xAxis: seconds(atMs),
      label: { distance: crowded(at) ? 16 : 4 },
      ...(source === 'harness' ? { lineStyle: { color: ALARM, type: 'solid' as const, width: 1.5 } } : {}),
    })),
  }
}

/** Of what was due in a bin: Poisson arrivals would make the height itself a noise. null: nothing was. */
function sharePercent({ outcomes, intended }: TimelineBin, outcome: Outcome): number | null {
  return intended === 0 ? null : ((outcomes[outcome] ?? 0) / intended) * 100
}

/** Outcomes by bin above, latency of the accepted below, on one axis of time. At least two bins. */
export function failureTimelineOption(run: FailureRun, frame: Frame): EChartsOption {
  const { bins } = run
  const binMs = (bins[1]?.atMs ?? 0) - (bins[0]?.atMs ?? 0)
  const last = bins.at(-1)
  const endS = seconds((last?.atMs ?? 0) + binMs)
  // A step ends where the next bin starts; the last one needs an end of its own.
  const steps = (pick: (bin: TimelineBin) => number | null) => [
    ...bins.map((bin) => [seconds(bin.atMs), pick(bin)]),
    ...(last === undefined ? [] : [[endS, pick(last)]]),
  ]
  const time = { min: 0, max: endS, splitLine: { show: false } }
  const top = frame.narrow ? 116 : 58
  const latency = (name: string, colour: string, pick: (bin: TimelineBin) => number | null) => ({
    type: 'line' as const,
    name,
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: 'none',
    itemStyle: { color: colour },
    data: steps(pick),
  })
  return {
    ...canvas(frame),
    grid: [
      { ...GRID_SIDES, top, height: 150 },
      { ...GRID_SIDES, top: top + 190, height: 110 },
    ],
    xAxis: [
      { ...figureAxis(''), ...time, gridIndex: 0, axisLabel: { show: false } },
      { ...figureAxis('seconds'), ...time, gridIndex: 1, nameGap: 24 },
    ],
    yAxis: [
      { ...figureAxis('% of those due'), gridIndex: 0, nameGap: 38, min: 0, max: 100, interval: 25 },
      // Room above the worst bin for the fault's name.
      { ...figureAxis('ms'), gridIndex: 1, nameGap: 38, splitNumber: 3, boundaryGap: [0, '25%'] },
    ],
    series: [
      ...outcomesSeen([run]).map((outcome, at) => ({
        type: 'line' as const,
        name: OUTCOME_WORDS[outcome].label,
        stack: 'outcomes',
        step: 'end' as const,
        symbol: 'none',
        lineStyle: { width: 0 },
        itemStyle: { color: OUTCOME_COLOURS[outcome] },
        areaStyle: { color: OUTCOME_COLOURS[outcome], opacity: 1 },
        data: steps((bin) => sharePercent(bin, outcome)),
        ...(at === 0 ? { markArea: faultBand(run, ''), markLine: eventLines(run) } : {}),
      })),
      {
        ...latency('p50', INK_SOFT, ({ p50Ms }) => p50Ms),
        lineStyle: { color: INK_SOFT, width: 1.5, type: 'dashed' },
        markArea: faultBand(run, run.fault),
      },
      { ...latency('p99', ALARM, ({ p99Ms }) => p99Ms), lineStyle: { color: ALARM, width: 2 } },
    ],
  }
}
