import { compareArms, noiseFloor, type Pair } from '#bench/statistics/verdict.ts'
import type { ProxyArmName, ProxyEvidence, ProxyWindowRow } from '#contract/result.ts'
import { type ProxyMetric, perRound } from './proxy-metrics.ts'

type Point = ProxyWindowRow['point']

/** Each line is a family of its own for Holm's correction. */
const FAMILIES: readonly (readonly [ProxyMetric, Point])[] = [
  ['proxyCpuUs', 'equal-rate'],
  ['proxyCpuUs', 'saturated'],
  ['throughputPerS', 'saturated'],
  ['responseP50Ms', 'equal-rate'],
]

/** The arm that is visited twice a round: what its visits differ by is what this machine cannot tell apart. */
export const TWICE: ProxyArmName = 'undici'

/** Every proxy against HAProxy (nginx where that is missing), and one of our forwarders against the other. */
export function compareProxies(
  rows: readonly ProxyWindowRow[],
  names: readonly ProxyArmName[],
): Pick<ProxyEvidence, 'comparisons' | 'noise'> {
  const comparisons: ProxyEvidence['comparisons'][number][] = []
  const noise: ProxyEvidence['noise'][number][] = []
  const yardstick = (['haproxy', 'nginx'] as const).find((name) => names.includes(name))
  for (const [metric, point] of FAMILIES) {
    const floor = noiseFloor(visits(rows, metric, point), metric, point)
    if (floor) noise.push({ ...floor, arm: TWICE })
    const pairs: [ProxyArmName, ProxyArmName][] = [['undici', 'http-proxy']]
    if (yardstick)
      for (const name of names) if (name !== yardstick && name !== 'direct') pairs.push([name, yardstick])
    const family = pairs.map(([arm, against]) => ({
      arm,
      against,
      pairs: pairUp(rows, arm, against, metric, point),
    }))
    comparisons.push(...compareArms(family, metric, point, floor))
  }
  return { comparisons, noise }
}

function pairUp(
  rows: readonly ProxyWindowRow[],
  arm: ProxyArmName,
  against: ProxyArmName,
  metric: ProxyMetric,
  point: Point,
): Pair[] {
  const of = (name: ProxyArmName) =>
    perRound(
      rows.filter((row) => row.arm === name),
      metric,
      point,
    )
  const theirs = of(against)
  return [...of(arm)].map(([round, value]) => ({ arm: value, against: theirs.get(round) ?? Number.NaN }))
}

function visits(rows: readonly ProxyWindowRow[], metric: ProxyMetric, point: Point): Pair[] {
  const of = (visit: 0 | 1) =>
    perRound(
      rows.filter((row) => row.arm === TWICE && row.visit === visit),
      metric,
      point,
    )
  const second = of(1)
  return [...of(0)].map(([round, value]) => ({ arm: second.get(round) ?? Number.NaN, against: value }))
}
