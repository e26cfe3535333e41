import type { MetricName, Point, ProxyArmResult, RunResult } from '#contract/result.ts'
import { formatEstimate, formatInterval, NO_FIGURE } from '../numbers.ts'
import { createFootnotes } from './footnotes.ts'
import { findMetric, metricCell } from './metric-cell.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'

/** What each proxy costs; without rows where the run compared none. */
export function proxyTable(result: RunResult): ReportTable {
  const footnotes = createFootnotes()
  const evidence = result.proxies
  const yardstick = evidence?.comparisons.find(({ against }) => against !== 'http-proxy')?.against
  const figure = (head: string, unit: string, name: MetricName, point: Point): ColumnOf<ProxyArmResult> => ({
    head,
    unit,
    align: 'right',
    cell: (arm) => {
      const found = findMetric(arm.metrics, name, point)
      // Without a proxy there is nothing whose cost could be missing.
      if (arm.arm === 'direct' && name === 'proxyCpuUs') return { text: NO_FIGURE, tone: 'dim', absent: true }
      return metricCell(found, footnotes)
    },
  })
  const ratio = (point: Point): ColumnOf<ProxyArmResult> => ({
    head: 'CPU',
    unit: `× ${yardstick ?? ''}`,
    align: 'right',
    cell: (arm): Cell => {
      const found = evidence?.comparisons.find(
        (c) => c.arm === arm.arm && c.against === yardstick && c.metric === 'proxyCpuUs' && c.point === point,
      )
      if (!found) return { text: NO_FIGURE, tone: 'dim', absent: true }
      return found.claimed
        ? { text: formatEstimate(found.ratio, found.interval) }
        : { text: `~ ${formatInterval(found.ratio, found.interval)}`, tone: 'dim' }
    },
  })
  const { ratePerS, connections, rounds } = result.configuration
  const floor = evidence?.noise.find(({ metric, point }) => metric === 'proxyCpuUs' && point === 'equal-rate')
  return buildTable<ProxyArmResult>({
    title: 'What the proxy in front costs',
    items: evidence?.arms ?? [],
    footnotes,
    groups: [
      {
        head: '',
        columns: [
          { head: 'proxy', unit: '', align: 'left', cell: ({ arm }) => ({ text: arm }) },
          { head: 'version', unit: '', align: 'left', cell: ({ version }) => ({ text: version }) },
        ],
      },
      {
        head: `equal rate, ${ratePerS}/s`,
        columns: [
          figure('p50', 'ms', 'responseP50Ms', 'equal-rate'),
          figure('p99', 'ms', 'responseP99Ms', 'equal-rate'),
          figure('proxy', 'µs', 'proxyCpuUs', 'equal-rate'),
          ratio('equal-rate'),
        ],
      },
      {
        head: `closed loop, ${connections} connections`,
        columns: [
          figure('rate', '/s', 'throughputPerS', 'saturated'),
          figure('proxy', 'µs', 'proxyCpuUs', 'saturated'),
          ratio('saturated'),
        ],
      },
    ],
    caption: [
      `GET of the route without a check, in turn over the nodes, in ${rounds} interleaved rounds. µs: CPU time of the proxy's process with its children, per successful request.`,
      'The closed loop shares the processors with the generator and the nodes: its rate is what the whole machine carried, not what the proxy could.',
      ...(floor === undefined
        ? []
        : [
            `${floor.arm} against itself, CPU at the equal rate: ${formatEstimate(floor.ratio, floor.interval)}.`,
          ]),
    ],
  })
}
