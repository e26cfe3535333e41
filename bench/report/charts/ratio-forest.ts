import type { Comparison, Point, RunResult } from '#contract/result.ts'
import { formatEstimate } from '../numbers.ts'
import { requestWord } from '../story/load-words.ts'
import { armNotes } from '../table/arm-notes.ts'
import { comparisonTable } from '../table/comparison-table.ts'
import { pointHead } from '../table/point-words.ts'
import { canvas, figureAxis, nameAxis, nameRoomPx } from './axis.ts'
import type { Chart } from './chart.ts'
import { ACCENT, BAND, INK_SOFT, PAPER } from './palette.ts'

const TICKS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32]

function primary(result: RunResult, point?: Point): readonly Comparison[] {
  return result.comparisons.filter(
    (each) =>
      each.metric === 'nodeCpuUs' &&
      each.against === 'baseline' &&
      (point === undefined || each.point === point),
  )
}

/** Ticks around everything that any of the forests shows: both points are drawn to one scale. */
function scale(result: RunResult): readonly number[] {
  const ends = [...primary(result), ...result.noise].flatMap(({ interval }) => interval)
  const low = TICKS.findLastIndex((tick) => tick <= Math.min(1, ...ends) * 0.97)
  const high = TICKS.findIndex((tick) => tick >= Math.max(1, ...ends) * 1.03)
  return TICKS.slice(Math.max(0, low), high < 0 ? TICKS.length : high + 1)
}

function sentence({ arm, ratio, interval, claimed }: Comparison): string {
  const figure = formatEstimate(ratio, interval)
  return claimed ? `${arm}: ${figure} times the baseline.` : `${arm}: ${figure}, no difference claimed.`
}

/** Ratios of node CPU to the baseline with their intervals, the run's own noise in grey behind them. */
export function ratioForest(result: RunResult, point: 'saturated' | 'equal-rate'): Chart | undefined {
  const comparisons = primary(result, point)
  if (comparisons.length === 0) return undefined
  const floor = result.noise.find((each) => each.metric === 'nodeCpuUs' && each.point === point)
  const ticks = scale(result).map(Math.log2)
  const line = (x: number) => ({ xAxis: Math.log2(x) })
  const word = requestWord(result.configuration, point)
  const shown = result.arms.filter(
    ({ arm }) => arm === 'baseline' || comparisons.some((each) => each.arm === arm),
  )
  const notes = shown.flatMap((arm) => armNotes(result, arm, point))
  const noise =
    floor === undefined ? '' : ` The baseline against itself: ${formatEstimate(floor.ratio, floor.interval)}.`
  return {
    id: `ratio-forest-${point}`,
    title: `Node CPU per accepted ${word}, against a route without a check (${pointHead(result, point)})`,
    reading: [
      `Points are ratios to the baseline in CPU per accepted ${word}, on a logarithmic scale, lines their 95 % intervals. The grey band is the baseline against itself: what this run cannot tell apart. Hollow and grey: no difference claimed.`,
      ...notes,
    ].join(' '),
    description: `${comparisons.map(sentence).join(' ')}${noise}`,
    data: comparisonTable({
      ...result,
      comparisons,
      noise: result.noise.filter((each) => each.point === point && each.metric === 'nodeCpuUs'),
    }),
    height: () => 64 + comparisons.length * 32,
    option: (frame) => ({
      ...canvas(frame),
      legend: { show: false },
      grid: { left: nameRoomPx(comparisons.map(({ arm }) => arm)), right: 18, top: 8, bottom: 44 },
      xAxis: {
        ...figureAxis(`× baseline, CPU per accepted ${word}`),
        min: ticks[0] ?? 0,
        max: ticks.at(-1) ?? 1,
        axisTick: { customValues: [...ticks] },
        axisLabel: {
          color: INK_SOFT,
          customValues: [...ticks],
          formatter: (value: number) => String(Number((2 ** value).toPrecision(3))),
        },
        splitLine: { show: false },
      },
      yAxis: nameAxis(comparisons.map(({ arm }) => arm)),
      series: [
        {
          type: 'scatter',
          symbolSize: 11,
          z: 5,
          data: comparisons.map(({ ratio, claimed }, at) => ({
            value: [Math.log2(ratio), at],
            itemStyle: claimed
              ? { color: ACCENT, opacity: 1 }
              : { color: PAPER, opacity: 1, borderColor: INK_SOFT, borderWidth: 2 },
          })),
          markLine: {
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: INK_SOFT, type: 'dashed' },
            data: [line(1)],
          },
          ...(floor === undefined
            ? {}
            : {
                markArea: {
                  itemStyle: { color: BAND },
                  data: [[line(floor.interval[0]), line(floor.interval[1])]],
                },
              }),
        },
        ...comparisons.map(({ interval, claimed }, at) => ({
          type: 'line' as const,
          symbol: 'none',
          z: 4,
          lineStyle: { color: claimed ? ACCENT : INK_SOFT, width: 3 },
          data: interval.map((end) => [Math.log2(end), at]),
        })),
      ],
    }),
  }
}
