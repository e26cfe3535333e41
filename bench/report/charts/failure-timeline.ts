import type { FailureRun, TimelineBin } from '#contract/result.ts'
import { formatCount, formatFigure, formatTime, NO_FIGURE } from '../numbers.ts'
import { OUTCOME_WORDS } from '../outcome-words.ts'
import { outcomesSeen } from '../table/error-table.ts'
import { buildTable, type ReportTable } from '../table/report-table.ts'
import { canvas, figureAxis } from './axis.ts'
import type { Chart } from './chart.ts'
import { ALARM, BAND, INK, INK_SOFT, OUTCOME_COLOURS } from './palette.ts'

const seconds = (ms: number) => ms / 1000

function dataTable(run: FailureRun, title: string): ReportTable {
  const figure = (pick: (bin: TimelineBin) => number | null) => (bin: TimelineBin) => {
    const value = pick(bin)
    return { text: value === null ? NO_FIGURE : formatFigure(value) }
  }
  const column = (head: string, unit: string, pick: (bin: TimelineBin) => number | null) => ({
    head,
    unit,
    align: 'right' as const,
    cell: figure(pick),
  })
  return buildTable<TimelineBin>({
    title,
    items: run.bins,
    groups: [
      { head: '', columns: [column('from', 's', ({ atMs }) => seconds(atMs))] },
      {
        head: 'requests in this bin',
        columns: [
          column('intended', '', ({ intended }) => intended),
          ...outcomesSeen([run]).map((outcome) =>
            column(OUTCOME_WORDS[outcome].label, '', ({ outcomes }) => outcomes[outcome] ?? 0),
          ),
        ],
      },
      {
        head: 'accepted lookups',
        columns: [column('p50', 'ms', ({ p50Ms }) => p50Ms), column('p99', 'ms', ({ p99Ms }) => p99Ms)],
      },
    ],
  })
}

function describe(run: FailureRun): string {
  const counts = outcomesSeen([run]).map(
    (outcome) => `${OUTCOME_WORDS[outcome].label}: ${formatCount(run.outcomes[outcome])}`,
  )
  const events = run.events.map(
    ({ atMs, source, kind, part }) =>
      `${formatTime(atMs)} ${source} ${kind}${part === undefined ? '' : ` ${part}`}`,
  )
  return `${run.fault} from ${formatTime(run.faultAtMs)} to ${formatTime(run.healAtMs)} of ${formatTime(run.durationMs)}. Requests ${counts.join(', ')}. Events: ${events.join('; ')}.`
}

/** A failure run: outcomes by bin above, latency of the accepted below, the fault shaded, events marked. */
export function failureTimeline(run: FailureRun, id: string): Chart | undefined {
  const { bins } = run
  if (bins.length < 2) return undefined
  const binMs = (bins[1]?.atMs ?? 0) - (bins[0]?.atMs ?? 0)
  const endS = seconds((bins.at(-1)?.atMs ?? 0) + binMs)
  // Steps end where the next bin starts; the last one needs an end of its own.
  const steps = (pick: (bin: TimelineBin) => number | null) => [
    ...bins.map((bin) => [seconds(bin.atMs), pick(bin)]),
    [endS, pick(bins.at(-1) ?? { atMs: 0, intended: 0, outcomes: {}, p50Ms: null, p99Ms: null })],
  ]
  const band = (label: string) => ({
    silent: true,
    itemStyle: { color: BAND, opacity: 0.7 },
    label: { show: label !== '', position: 'insideTop' as const, color: INK },
    data: [[{ name: label, xAxis: seconds(run.faultAtMs) }, { xAxis: seconds(run.healAtMs) }]],
  })
  const events = {
    silent: true,
    symbol: 'none',
    lineStyle: { color: INK, type: 'dotted' as const, width: 1 },
    label: { color: INK, position: 'end' as const, formatter: '{b}' },
    data: run.events.map(({ atMs }, at) => ({ name: String(at + 1), xAxis: seconds(atMs) })),
  }
  const timeAxis = { min: 0, max: endS }
  const title = `${run.mode}: ${run.fault} under load`
  const numbered = run.events.map(
    ({ atMs, source, kind, part }, at) =>
      `${at + 1}: ${source} ${kind}${part === undefined ? '' : ` ${part}`} (${formatTime(atMs)})`,
  )
  return {
    id,
    title,
    reading: `Above: what became of the requests due in each ${formatTime(binMs)}; below: latency of the accepted ones from the intended time, gaps where none was accepted. Shaded: the fault. ${numbered.join('; ')}.`,
    description: describe(run),
    data: dataTable(run, title),
    height: ({ narrow }) => (narrow ? 430 : 400),
    option: (frame) => {
      const top = frame.narrow ? 84 : 46
      return {
        ...canvas(frame),
        grid: [
          { left: 54, right: 18, top, height: 150 },
          { left: 54, right: 18, top: top + 190, height: 110 },
        ],
        xAxis: [
          {
            ...figureAxis(''),
            ...timeAxis,
            gridIndex: 0,
            axisLabel: { show: false },
            splitLine: { show: false },
          },
          { ...figureAxis('seconds'), ...timeAxis, gridIndex: 1, nameGap: 24, splitLine: { show: false } },
        ],
        yAxis: [
          { ...figureAxis('requests'), gridIndex: 0, nameGap: 36, splitNumber: 3 },
          { ...figureAxis('ms'), gridIndex: 1, nameGap: 36, splitNumber: 3 },
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
            data: steps(({ outcomes }) => outcomes[outcome] ?? 0),
            ...(at === 0 ? { markArea: band(''), markLine: events } : {}),
          })),
          {
            type: 'line' as const,
            name: 'p50',
            xAxisIndex: 1,
            yAxisIndex: 1,
            symbol: 'none',
            lineStyle: { color: INK_SOFT, width: 1.5, type: 'dashed' as const },
            itemStyle: { color: INK_SOFT },
            data: steps(({ p50Ms }) => p50Ms),
            markArea: band(run.fault),
          },
          {
            type: 'line' as const,
            name: 'p99',
            xAxisIndex: 1,
            yAxisIndex: 1,
            symbol: 'none',
            lineStyle: { color: ALARM, width: 2 },
            itemStyle: { color: ALARM },
            data: steps(({ p99Ms }) => p99Ms),
          },
        ],
      }
    },
  }
}
