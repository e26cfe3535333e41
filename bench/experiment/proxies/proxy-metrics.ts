import { mergeEncoded } from '#bench/measure/histogram.ts'
import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import { emptyOutcomeCounts, OUTCOMES, type OutcomeCounts } from '#contract/outcomes.ts'
import type { Metric, ProxyArmResult, ProxyWindowRow, SelfCheck } from '#contract/result.ts'
import type { ProxyArm } from './proxy-arms.ts'
import type { TakenProxyWindow } from './take-proxy-window.ts'

type Point = ProxyWindowRow['point']
export type ProxyMetric = 'proxyCpuUs' | 'throughputPerS' | 'responseP50Ms'

/** What is drawn from one window; null where it cannot say. Rates, so that edges read a little late do no harm. */
export const PROXY_READINGS: Readonly<Record<ProxyMetric, (row: ProxyWindowRow) => number | null>> = {
  proxyCpuUs: ({ proxyCpu, completedOk, edgesMs }) =>
    proxyCpu === null || completedOk === 0
      ? null
      : proxyCpu.us / proxyCpu.readingsMs / (completedOk / edgesMs),
  throughputPerS: ({ completedOk, edgesMs }) => completedOk / (edgesMs / 1000),
  responseP50Ms: ({ latencyMs }) => latencyMs.responseP50,
}

const UNITS: Readonly<Record<ProxyMetric, string>> = {
  proxyCpuUs: 'µs',
  throughputPerS: '1/s',
  responseP50Ms: 'ms',
}

/** One proxy over all rounds. */
export function summariseProxy(
  arm: ProxyArm,
  all: readonly TakenProxyWindow[],
  checks: readonly SelfCheck[],
): ProxyArmResult {
  const taken = all.filter(({ row }) => row.arm === arm.name)
  const rows = taken.map(({ row }) => row)
  const voiding = checks.find((check) => !check.ok && check.voids === 'latency' && check.arm === arm.name)
  const metrics = [
    metric(rows, 'proxyCpuUs', 'equal-rate'),
    metric(rows, 'responseP50Ms', 'equal-rate'),
    p99(taken),
    metric(rows, 'throughputPerS', 'equal-rate'),
    metric(rows, 'proxyCpuUs', 'saturated'),
    metric(rows, 'throughputPerS', 'saturated'),
  ]
  return {
    arm: arm.name,
    version: arm.version,
    metrics: voiding ? metrics.map((one) => voidLatency(one, voiding.detail)) : metrics,
    outcomes: { saturated: outcomesAt(rows, 'saturated'), 'equal-rate': outcomesAt(rows, 'equal-rate') },
  }
}

/** One value a round: the mean of its visits. */
export function perRound(
  rows: readonly ProxyWindowRow[],
  name: ProxyMetric,
  point: Point,
): Map<number, number> {
  const values = new Map<number, number[]>()
  for (const row of rows) {
    const value = row.point === point ? PROXY_READINGS[name](row) : null
    if (value !== null) values.set(row.round, [...(values.get(row.round) ?? []), value])
  }
  return new Map(
    [...values].map(([round, visits]) => [round, visits.reduce((sum, v) => sum + v, 0) / visits.length]),
  )
}

function metric(rows: readonly ProxyWindowRow[], name: ProxyMetric, point: Point): Metric {
  const values = [...perRound(rows, name, point).values()]
  const base = { name, unit: UNITS[name], point, n: values.length, valid: true } as const
  if (values.length === 0) return { ...base, value: null, interval: null, reason: 'nothing to count here' }
  const { estimate, interval } = hodgesLehmann(values)
  return { ...base, value: estimate, interval }
}

/** Read off all rounds together: one window rarely has the 1,000 samples that it needs. */
function p99(taken: readonly TakenProxyWindow[]): Metric {
  const open = taken.filter(({ row }) => row.point === 'equal-rate')
  const merged = mergeEncoded(open.map(({ load }) => load.responseUs))
  const value = merged.percentileMs(99)
  const base = { name: 'responseP99Ms', unit: 'ms', point: 'equal-rate', n: 1, interval: null } as const
  if (value !== null) return { ...base, value, valid: true }
  return { ...base, value, valid: true, reason: `${merged.count} samples; p99 wants 1,000` }
}

function voidLatency(one: Metric, reason: string): Metric {
  return one.name.startsWith('response') ? { ...one, valid: false, reason } : one
}

function outcomesAt(rows: readonly ProxyWindowRow[], point: Point): OutcomeCounts {
  const sum = emptyOutcomeCounts()
  for (const row of rows)
    if (row.point === point) for (const outcome of OUTCOMES) sum[outcome] += row.outcomes[outcome]
  return sum
}
