import { formatCount, formatFigure, formatPercent, formatTime } from '#bench/report/numbers.ts'
import type { ArmName } from '#contract/modes.ts'
import type { Comparison, Metric, MetricName, Point } from '#contract/result.ts'
import { restedShare } from '#contract/saturation.ts'
import { STORE_TITLES } from '#contract/stores.ts'
import { list } from '../list.ts'
import type { Evidence } from '../sentences.ts'

function findMetric(evidence: Evidence, arm: ArmName, name: MetricName, point: Point): Metric | undefined {
  const metrics = evidence.arms.find((candidate) => candidate.arm === arm)?.metrics
  return metrics?.find((metric) => metric.name === name && metric.point === point)
}

/** The modes whose node had rest where it is called saturated: `redis (31 %)`. */
function rested(evidence: Evidence, names: readonly ArmName[]): string[] {
  return evidence.arms.flatMap(({ arm, metrics }) => {
    const busy = restedShare(metrics)
    return busy === undefined || !names.includes(arm) ? [] : [`${arm} (${formatPercent(busy)} %)`]
  })
}

const isRested = (evidence: Evidence, arm: ArmName) => rested(evidence, [arm]).length > 0

/** What a check costs when a node has no rest; nothing of an arm whose node had. */
export function costSentence(evidence: Evidence): string | undefined {
  const bare = findMetric(evidence, 'baseline', 'nodeCpuUs', 'saturated')
  const primary = evidence.comparisons.filter(
    (comparison) =>
      comparison.metric === 'nodeCpuUs' &&
      comparison.point === 'saturated' &&
      comparison.against === 'baseline',
  )
  if (typeof bare?.value !== 'number' || primary.length === 0 || isRested(evidence, 'baseline'))
    return undefined
  const idle = rested(
    evidence,
    primary.map(({ arm }) => arm),
  )
  const saturated = primary.filter(({ arm }) => !isRested(evidence, arm))
  const costs = saturated
    .filter(({ claimed }) => claimed)
    .map(({ ratio, interval, arm }) => `${formatFigure(ratio, interval)} times that with ${arm}`)
  const untold = saturated
    .filter(({ claimed }) => !claimed)
    .map(({ interval: [low, high], arm }) => `${arm} (${formatFigure(low)} to ${formatFigure(high)} times)`)
  const told = costs.length > 0 ? `; with the login checked it costs ${list(costs)}` : ''
  const rest = untold.length > 0 ? `; no difference from that is claimed of ${list(untold)}` : ''
  const kept =
    idle.length > 0
      ? `; nothing is said of ${list(idle)}, since the node was busy for only that part of the time`
      : ''
  return `On one saturated node a request that checks nothing costs ${formatFigure(bare.value, bare.interval)} µs of its CPU${told}${rest}${kept}.`
}

/** The stateful lookup against the stateless signature: the question that brought people here. */
export function rankingSentence(evidence: Evidence): string | undefined {
  const pair = evidence.comparisons.filter(
    (comparison) =>
      comparison.arm === 'jwt' && comparison.against === 'redis' && comparison.metric === 'serverCpuUs',
  )
  const saturated = pair.find((comparison) => comparison.point === 'saturated')
  const equalRate = pair.find((comparison) => comparison.point === 'equal-rate')
  if (!saturated || !equalRate) return undefined
  const rate = evidence.configuration.ratePerS
  const mixed = evidence.configuration.mix ? ' of the mix' : ''
  const title = STORE_TITLES[evidence.configuration.store ?? 'redis']
  const distance = (evidence.environment.redis ?? evidence.environment.store)?.roundTripMs?.p50
  const away = distance === undefined ? '' : `, with ${title} ${formatTime(distance)} away`
  const verifier = `signatures checked by ${evidence.configuration.jwtVerifier}`
  const idle = rested(evidence, ['jwt', 'redis'])
  const relations = [
    ...(idle.length > 0 ? [] : [relation(saturated, 'at saturation')]),
    relation(equalRate, `at ${rate === null ? 'an equal rate' : `${formatCount(rate)} requests/s`}${mixed}`),
  ].join(' and ')
  const kept =
    idle.length > 0
      ? `; nothing is compared at saturation, since the node was busy for only part of the time with ${list(idle)}`
      : ''
  return `In CPU of nodes and ${title} together, jwt (${verifier}) ${relations}${away}${kept}.`
}

function relation(comparison: Comparison, where: string): string {
  if (!comparison.claimed) return `cannot be told from redis ${where}`
  const { ratio, interval } = comparison
  const [low, high] = interval.map((end) => Math.abs(end - 1) * 100).sort((a, b) => a - b)
  const percent = formatFigure(Math.abs(ratio - 1) * 100, [low ?? 0, high ?? 0])
  return `costs ${percent} % ${ratio > 1 ? 'more' : 'less'} than redis ${where}`
}
