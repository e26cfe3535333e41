import type { DurationHistogram } from '#bench/measure/histogram.ts'
import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import type { Metric, MetricName, Point, WindowRow } from '#contract/result.ts'
import { isLatency } from './without-void-latency.ts'

/** What is drawn from one window; null where the window cannot say. */
export type Reading = (row: WindowRow) => number | null

/** CPU of a tier ÷ successes that the servers counted between the same two readings. */
export const READINGS = {
  throughputPerS: (row) => row.outcomes.ok / (row.durationMs / 1000),
  goodputPerS: (row) => row.outcomes.ok / (row.durationMs / 1000),
  nodeCpuUs: (row) => ratio(row.cpuUs.node, row.served.nodeOk),
  nodeLoopCpuUs: (row) => ratio(row.cpuUs.nodeLoop, row.served.nodeOk),
  // Older files know the CPU time of the loop alone, which is low as well where the loop waited for a core.
  nodeBusyShare: (row) => row.nodeBusy ?? row.cpuUs.nodeLoop / (row.durationMs * 1000),
  proxyCpuUs: (row) => ratio(row.cpuUs.proxy, row.served.proxyOk),
  storeCpuUs: (row) => ratio(row.cpuUs.store, row.served.nodeOk),
  serverCpuUs: (row) => ratio(row.cpuUs.node + (row.cpuUs.store ?? 0), row.served.nodeOk),
  generatorCpuUs: (row) => ratio(row.cpuUs.generator, row.outcomes.ok),
  responseP50Ms: (row) => row.latencyMs.responseP50,
  serviceP50Ms: (row) => row.latencyMs.serviceP50,
  bytesUp: (row) => ratio(row.bytesUp, answered(row)),
  bytesDown: (row) => ratio(row.bytesDown, answered(row)),
  storeCommands: (row) => ratio(row.storeCommands, row.served.nodeLookups),
  setCookies: (row) => ratio(row.setCookies ?? null, answered(row)),
  refusedShare: (row) => ratio(row.outcomes.refused_as_expected + row.outcomes.unexpected_401, answered(row)),
} as const satisfies Partial<Record<MetricName, Reading>>

type ReadMetric = keyof typeof READINGS

const UNITS: Readonly<Record<ReadMetric, string>> = {
  throughputPerS: '1/s',
  goodputPerS: '1/s',
  nodeCpuUs: 'µs',
  nodeLoopCpuUs: 'µs',
  nodeBusyShare: 'share',
  proxyCpuUs: 'µs',
  storeCpuUs: 'µs',
  serverCpuUs: 'µs',
  generatorCpuUs: 'µs',
  responseP50Ms: 'ms',
  serviceP50Ms: 'ms',
  bytesUp: 'B',
  bytesDown: 'B',
  storeCommands: 'commands',
  setCookies: 'lines',
  refusedShare: 'share',
}

const AT_SATURATION: readonly ReadMetric[] = [
  'throughputPerS',
  'nodeCpuUs',
  'nodeLoopCpuUs',
  'nodeBusyShare',
  'storeCpuUs',
  'serverCpuUs',
  'generatorCpuUs',
  'storeCommands',
]
const AT_EQUAL_RATE: readonly ReadMetric[] = [
  'goodputPerS',
  'responseP50Ms',
  'serviceP50Ms',
  'nodeCpuUs',
  'nodeLoopCpuUs',
  'proxyCpuUs',
  'storeCpuUs',
  'serverCpuUs',
  'generatorCpuUs',
  'bytesUp',
  'bytesDown',
  'storeCommands',
  'setCookies',
  'refusedShare',
]

function ratio(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole
}

function answered(row: WindowRow): number {
  const { ok, refused_as_expected, unexpected_401, wrong_user } = row.outcomes
  return ok + refused_as_expected + unexpected_401 + wrong_user
}

/** Every metric of one arm, from its windows of both points and its merged histograms. */
export function armMetrics(
  rows: readonly WindowRow[],
  merged: { response: DurationHistogram; service: DurationHistogram },
  latencyVoid: string | undefined,
): Metric[] {
  const metrics = [
    ...AT_SATURATION.flatMap((name) => roundMetric(rows, name, 'saturated')),
    ...AT_EQUAL_RATE.flatMap((name) => roundMetric(rows, name, 'equal-rate')),
    mergedP99('responseP99Ms', merged.response),
    mergedP99('serviceP99Ms', merged.service),
  ]
  return latencyVoid === undefined ? metrics : metrics.map((metric) => voidLatency(metric, latencyVoid))
}

/** Hodges–Lehmann estimate of the per-round values, with its exact interval; none of a tier that took no part. */
function roundMetric(
  rows: readonly WindowRow[],
  name: ReadMetric,
  point: 'saturated' | 'equal-rate',
): Metric[] {
  const values = perRound(rows, READINGS[name], point)
  const base = { name, unit: UNITS[name], point, n: values.length } as const
  if (values.length === 0) return []
  const { estimate, interval } = hodgesLehmann(values)
  return [{ ...base, value: estimate, interval, valid: true }]
}

/** One value a round: the mean of its visits (the baseline has two). Rounds without a value are left out. */
export function perRound(rows: readonly WindowRow[], reading: Reading, point: Point): number[] {
  const byRound = new Map<number, number[]>()
  for (const row of rows) {
    const value = row.point === point ? reading(row) : null
    if (value !== null && Number.isFinite(value))
      byRound.set(row.round, [...(byRound.get(row.round) ?? []), value])
  }
  return [...byRound.values()].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length)
}

/** p99 needs 1,000 samples, which one window rarely has: it is read off all rounds together and has no interval. */
function mergedP99(name: 'responseP99Ms' | 'serviceP99Ms', histogram: DurationHistogram): Metric {
  const value = histogram.percentileMs(99)
  const base = { name, unit: 'ms', point: 'equal-rate', n: 1, interval: null, valid: true } as const
  if (value !== null) return { ...base, value }
  return { ...base, value, reason: `${histogram.count} samples; p99 wants 1,000` }
}

function voidLatency(metric: Metric, reason: string): Metric {
  return isLatency(metric.name) ? { ...metric, valid: false, reason } : metric
}
