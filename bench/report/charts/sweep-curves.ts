import type { MetricName, Point, RunResult } from '#contract/result.ts'
import { restedShare } from '#contract/saturation.ts'
import type { SweepEvidence, SweepStep } from '#contract/sweep.ts'
import { formatFigure, formatPercent } from '../numbers.ts'
import { findMetric } from '../table/metric-cell.ts'
import { placeWords, SWEPT, sweepTable } from '../table/sweep-table.ts'
import { belowLegendPx, canvas, figureAxis, nameAxis } from './axis.ts'
import type { Chart } from './chart.ts'
import { ARM_LINES } from './palette.ts'

/** A picture a figure: a curve a mode over what was varied, with the interval of each point. */
export function sweepCurves(result: RunResult, sweep: SweepEvidence): readonly Chart[] {
  return SWEPT.map(([head, unit, name, point]) => curve(result, sweep, { head, unit, name, point }))
}

/** Places far apart: on a plain axis all but the last would lie on one spot. */
const WIDE = 100

function isWide({ steps }: SweepEvidence): boolean {
  const places = steps.map(({ at }) => at ?? Number.NaN)
  return Math.min(...places) > 0 && Math.max(...places) / Math.min(...places) >= WIDE
}

interface Figure {
  head: string
  unit: string
  name: MetricName
  point: Point
}

interface Place {
  x: number
  y: number
  interval: readonly [number, number]
}

function curve(result: RunResult, sweep: SweepEvidence, { head, unit, name, point }: Figure): Chart {
  const { modes } = result.configuration
  const isNamed = sweep.steps.some(({ at }) => at === null)
  const lines = modes.map((mode, index) => ({
    mode,
    style: ARM_LINES[(index + 1) % ARM_LINES.length] ?? ARM_LINES[0],
    places: sweep.steps.flatMap((step, at) =>
      placeOf(step, isNamed ? at : (step.at ?? at), mode, name, point),
    ),
  }))
  const yAxis = { ...figureAxis(`${head}, ${unit}`), nameGap: 44, min: 0 }
  const xAxis = isNamed
    ? { ...nameAxis(sweep.steps.map(({ value }) => String(value))), inverse: false }
    : { ...figureAxis(placeWords(sweep)), scale: true, ...(isWide(sweep) ? { type: 'log' as const } : {}) }
  return {
    id: `sweep-${name}-${point}`,
    title: `${head} over ${placeWords(sweep)}`,
    reading: `Lower is better. Points are measured, with their 95 % intervals as upright strokes; the lines between them only lead the eye.${point === 'saturated' ? restedWords(sweep) : ''}`,
    description: lines
      .map(
        ({ mode, places }) => `${mode}: ${places.map(({ y }) => `${formatFigure(y)} ${unit}`).join(', ')}.`,
      )
      .join(' '),
    data: sweepTable(result, sweep),
    height: (frame) => 300 + belowLegendPx(modes, frame),
    option: (frame) => ({
      ...canvas(frame),
      grid: { left: 62, right: 22, top: belowLegendPx(modes, frame), bottom: 44 },
      xAxis,
      yAxis,
      series: lines.flatMap(({ mode, style, places }) => [
        {
          type: 'line' as const,
          name: mode,
          symbol: style.symbol,
          symbolSize: 8,
          lineStyle: { color: style.colour, width: 2, type: [...style.dash] },
          itemStyle: { color: style.colour },
          data: places.map(({ x, y }) => [x, y]),
        },
        ...places.map(({ x, interval }) => ({
          type: 'line' as const,
          symbol: 'none',
          lineStyle: { color: style.colour, width: 1 },
          data: interval.map((end) => [x, end]),
        })),
      ]),
    }),
  }
}

/** Where a point of a curve is not what the curve is called. */
function restedWords({ steps }: SweepEvidence): string {
  const rested = steps.flatMap(({ value, arms }) =>
    arms.flatMap(({ arm, metrics }) => {
      const busy = restedShare(metrics)
      return busy === undefined ? [] : [`${arm} at ${value} (node busy ${formatPercent(busy)} %)`]
    }),
  )
  return rested.length === 0 ? '' : ` Not saturated: ${rested.join(', ')}.`
}

function placeOf(step: SweepStep, x: number, mode: string, name: MetricName, point: Point): Place[] {
  const metrics = step.arms.find(({ arm }) => arm === mode)?.metrics ?? []
  const metric = findMetric(metrics, name, point)
  if (!metric?.valid || metric.value === null) return []
  return [{ x, y: metric.value, interval: metric.interval ?? [metric.value, metric.value] }]
}
