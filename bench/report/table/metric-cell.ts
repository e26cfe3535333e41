import type { Metric, MetricName, Point } from '#contract/result.ts'
import { formatFigure, formatPercent, NO_FIGURE } from '../numbers.ts'
import type { Footnotes } from './footnotes.ts'
import type { Cell } from './report-table.ts'

/** The metric of that name at that point, undefined where this run has none. */
export function findMetric(metrics: readonly Metric[], name: MetricName, point: Point): Metric | undefined {
  return metrics.find((metric) => metric.name === name && metric.point === point)
}

/** A share is printed as a percentage, whether the file keeps it as one (`%`) or as a part of 1. */
const SHARES: ReadonlySet<MetricName> = new Set([
  'nodeBusyShare',
  'refusedShare',
  'availability',
  'loginsLostShare',
])

/** A metric's figure without its unit, to the digits its interval supports. */
export function formatMetric(metric: Metric): string {
  if (metric.value === null) return NO_FIGURE
  if (!SHARES.has(metric.name)) return formatFigure(metric.value, metric.interval)
  return formatPercent(metric.unit === '%' ? metric.value / 100 : metric.value)
}

/** Times to something that may not happen: where they are valid and empty, it never did. */
const NEVER_IS_AN_ANSWER: ReadonlySet<MetricName> = new Set(['detectMs', 'recoverMs'])

/** What the time was to did not happen. */
export function isNever({ name, value, valid }: Metric): boolean {
  return valid && value === null && NEVER_IS_AN_ANSWER.has(name)
}

/** A figure for a table; one that is missing or invalid is a dash whose note says why. */
export function metricCell(metric: Metric | undefined, footnotes: Footnotes): Cell {
  if (metric === undefined) return { text: NO_FIGURE, tone: 'dim', absent: true }
  if (metric.value !== null && metric.valid) return { text: formatMetric(metric) }
  if (isNever(metric))
    return { text: 'never', tone: 'bad', notes: metric.reason ? [footnotes.add(metric.reason)] : [] }
  const note = footnotes.add(metric.reason ?? 'left empty by the run, which gave no reason')
  return { text: NO_FIGURE, tone: 'dim', notes: [note] }
}
