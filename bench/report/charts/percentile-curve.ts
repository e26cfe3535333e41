import type { ArmResult, RunResult } from '#contract/result.ts'
import { formatFigure, NO_FIGURE } from '../numbers.ts'
import { requestWord } from '../story/load-words.ts'
import { armsInOrder } from '../table/cost-table.ts'
import { pointHead, pointSentence } from '../table/point-words.ts'
import { buildTable, type ReportTable } from '../table/report-table.ts'
import { belowLegendPx, canvas, figureAxis } from './axis.ts'
import type { Chart } from './chart.ts'
import { ARM_LINES, INK_SOFT } from './palette.ts'

const SHOWN_FROM = 50
const SHOWN = [50, 90, 99, 99.9, 99.99]

/** Where a percentile stands on the axis: each nine is one step. The 100th has no place on it. */
const nines = (percentile: number) => -Math.log10(1 - percentile / 100)

/** 1, 2, 5, 10, … around everything shown, as logarithms: whole decades would leave half the picture empty. */
function latencyMarks(arms: readonly ArmResult[]): readonly number[] {
  const shown = arms.flatMap(({ percentiles }) =>
    percentiles.response.filter(([percentile, ms]) => percentile >= SHOWN_FROM && ms > 0).map(([, ms]) => ms),
  )
  const steps = Array.from({ length: 9 }, (_, decade) =>
    [1, 2, 5].map((step) => step * 10 ** (decade - 3)),
  ).flat()
  const low = steps.findLastIndex((step) => step <= Math.min(...shown))
  const high = steps.findIndex((step) => step >= Math.max(...shown))
  return steps.slice(Math.max(0, low), high < 0 ? steps.length : high + 1).map(Math.log10)
}

function dataTable(arms: readonly ArmResult[], head: string, title: string): ReportTable {
  const seen = arms.flatMap(({ percentiles }) => percentiles.response.map(([percentile]) => percentile))
  const shown = SHOWN.filter((percentile) => seen.includes(percentile))
  return buildTable<ArmResult>({
    title,
    items: arms,
    groups: [
      { head: '', columns: [{ head: 'mode', unit: '', align: 'left', cell: ({ arm }) => ({ text: arm }) }] },
      {
        head,
        columns: shown.map((percentile) => ({
          head: `p${percentile}`,
          unit: 'ms',
          align: 'right',
          cell: ({ percentiles }) => {
            const point = percentiles.response.find(([each]) => each === percentile)
            return { text: point === undefined ? NO_FIGURE : formatFigure(point[1]) }
          },
        })),
      },
    ],
  })
}

/** Response time from the intended time by percentile, a line an arm. */
export function percentileCurve(result: RunResult): Chart | undefined {
  const voiding = result.checks.filter(({ ok, voids }) => !ok && voids === 'latency')
  // A failed check that names no arm voids the latency of all.
  if (voiding.some(({ arm }) => arm === undefined)) return undefined
  const voided = new Set(voiding.map(({ arm }) => arm))
  const arms = armsInOrder(result).filter(
    ({ arm, percentiles }) => percentiles.response.length > 1 && !voided.has(arm),
  )
  if (arms.length === 0) return undefined
  // An arm keeps its look whichever others are drawn; one that has none of its own is left to the table.
  const lookOf = ({ arm }: ArmResult) => ARM_LINES[result.arms.findIndex((each) => each.arm === arm)]
  const drawn = arms.flatMap((arm) => {
    const style = lookOf(arm)
    return style === undefined ? [] : [{ ...arm, style }]
  })
  const names = drawn.map(({ arm }) => arm)
  const more = arms.filter((arm) => lookOf(arm) === undefined).map(({ arm }) => arm)
  const title = `How long a ${requestWord(result.configuration, 'equal-rate')} takes (${pointHead(result, 'equal-rate')})`
  const data = dataTable(arms, pointHead(result, 'equal-rate'), title)
  const left =
    (voided.size === 0 ? '' : ` Not drawn, because a check voided its latency: ${[...voided].join(', ')}.`) +
    (more.length === 0 ? '' : ` In the table alone, for want of room: ${more.join(', ')}.`)
  const ticks = SHOWN.map(nines)
  const marks = latencyMarks(arms)
  const last = Math.max(
    ...arms.flatMap(({ percentiles }) => percentiles.response.map(([p]) => (p < 100 ? nines(p) : 0))),
  )
  return {
    id: 'percentiles',
    title,
    reading: `Lower is faster; to the right stand the slowest few, one in ten more rarely with each step. Both axes are logarithmic.${left} ${pointSentence(result, 'equal-rate')}`,
    description: data.rows
      .map((row) =>
        row.map(({ text }, at) => (at === 0 ? `${text}:` : `p${SHOWN[at - 1]} ${text} ms`)).join(' '),
      )
      .join('. '),
    data,
    height: (frame) => 300 + belowLegendPx(names, frame),
    option: (frame) => ({
      ...canvas(frame),
      grid: { left: 54, right: 18, top: belowLegendPx(names, frame), bottom: 44 },
      xAxis: {
        ...figureAxis('percentile'),
        // 0 on the logarithmic axis is 1 ms: the line belongs at the foot.
        axisLine: { onZero: false, lineStyle: { color: INK_SOFT } },
        min: ticks[0] ?? 0,
        max: last,
        axisTick: { customValues: ticks.filter((tick) => tick <= last + 0.01) },
        axisLabel: {
          color: INK_SOFT,
          customValues: ticks.filter((tick) => tick <= last + 0.01),
          formatter: (value: number) => `p${Number((100 * (1 - 10 ** -value)).toFixed(2))}`,
        },
      },
      yAxis: {
        ...figureAxis('response, ms'),
        nameGap: 36,
        min: marks[0] ?? 0,
        max: marks.at(-1) ?? 1,
        axisTick: { customValues: [...marks] },
        axisLabel: {
          color: INK_SOFT,
          customValues: [...marks],
          formatter: (value: number) => String(Number((10 ** value).toPrecision(2))),
        },
        splitLine: { show: false },
      },
      series: drawn.map(({ arm, percentiles, style }) => ({
        type: 'line',
        name: arm,
        symbol: style.symbol,
        symbolSize: 7,
        lineStyle: { color: style.colour, width: 2, type: [...style.dash] },
        itemStyle: { color: style.colour },
        data: percentiles.response
          .filter(([percentile, ms]) => percentile >= SHOWN_FROM && percentile < 100 && ms > 0)
          .map(([percentile, ms]) => [nines(percentile), Math.log10(ms)]),
      })),
    }),
  }
}
