import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import { emptyOutcomeCounts, OUTCOMES } from '#contract/outcomes.ts'
import { REFRESH_HOMES } from '#contract/renewal.ts'
import type { Metric, MetricName, RefreshWindowRow, RenewalEvidence } from '#contract/result.ts'

/** Figures of one refresh, from one window; null where the window cannot say. */
const READINGS: readonly [MetricName, string, (row: RefreshWindowRow) => number | null][] = [
  ['throughputPerS', '1/s', (row) => row.outcomes.ok / (row.durationMs / 1000)],
  ['nodeCpuUs', 'µs', (row) => each(row.cpuUs.node, row.served.nodeOk)],
  ['nodeBusyShare', 'share', (row) => row.nodeBusy ?? null],
  ['storeCpuUs', 'µs', (row) => each(row.cpuUs.store, row.served.nodeOk)],
  ['storeCommands', 'commands', (row) => each(row.storeCommands, row.served.nodeOk)],
  ['bytesUp', 'B', (row) => each(row.bytesUp, row.outcomes.ok)],
  ['bytesDown', 'B', (row) => each(row.bytesDown, row.outcomes.ok)],
  ['setCookies', 'lines', (row) => each(row.setCookies ?? null, row.outcomes.ok)],
]

function each(whole: number | null, count: number): number | null {
  return whole === null || count === 0 ? null : whole / count
}

/** Every mode and home over all rounds, in the order of the table of modes. */
export function summariseRefreshes(taken: readonly { row: RefreshWindowRow }[]): RenewalEvidence {
  const windows = taken.map(({ row }) => row)
  const arms = Map.groupBy(windows, ({ mode, refresh }) => `${mode} ${refresh}`)
  const refreshes = [...arms.values()].flatMap((rows) => {
    const [first] = rows
    if (first === undefined) return []
    const outcomes = emptyOutcomeCounts()
    for (const row of rows) for (const outcome of OUTCOMES) outcomes[outcome] += row.outcomes[outcome]
    return [{ mode: first.mode, refresh: first.refresh, metrics: metricsOf(rows), outcomes }]
  })
  const place = ({ mode, refresh }: RefreshWindowRow | (typeof refreshes)[number]) =>
    MODE_NAMES.indexOf(mode) * REFRESH_HOMES.length + REFRESH_HOMES.indexOf(refresh)
  return { refreshes: refreshes.sort((a, b) => place(a) - place(b)), windows }
}

function metricsOf(rows: readonly RefreshWindowRow[]): Metric[] {
  return READINGS.flatMap(([name, unit, reading]) => {
    const values = rows.map(reading).filter((value) => value !== null)
    if (values.length === 0) return []
    const { estimate, interval } = hodgesLehmann(values)
    return [{ name, unit, point: 'saturated', n: values.length, value: estimate, interval, valid: true }]
  })
}
