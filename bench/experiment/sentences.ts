import { formatFigure } from '#bench/report/numbers.ts'
import { type ArmName, expiryOf, MODES } from '#contract/modes.ts'
import type { Comparison, FailureRun, Metric, MetricName, Point, RunResult } from '#contract/result.ts'
import { isServer, STORE_TITLES } from '#contract/stores.ts'
import { faultSentences } from './failures/fault-sentences.ts'

/** What the sentences are drawn from. */
export type Evidence = Pick<RunResult, 'arms' | 'comparisons' | 'failures' | 'environment' | 'configuration'>

/**
 * Three or four plain sentences, each true of the figures and of no more than them. Two modes are ranked only where
 * the sign of their difference holds at both points; otherwise the sentence names the point.
 */
export function drawSentences(evidence: Evidence): string[] {
  return [
    storeSentence(evidence),
    costSentence(evidence),
    rankingSentence(evidence),
    crashSentence(evidence),
    logoutSentence(evidence),
    ...faultSentences(evidence.failures),
  ].filter((sentence) => sentence !== undefined)
}

function findMetric(evidence: Evidence, arm: ArmName, name: MetricName, point: Point): Metric | undefined {
  const metrics = evidence.arms.find((candidate) => candidate.arm === arm)?.metrics
  return metrics?.find((metric) => metric.name === name && metric.point === point)
}

/** A mode that is called redis and was not over Redis says so first. */
function storeSentence({ configuration }: Evidence): string | undefined {
  const { store = 'redis', modes } = configuration
  if (store === 'redis' || !modes.includes('redis')) return undefined
  const cost = isServer(store) ? '' : '; that store has no process of its own, so its cost is in the node'
  return `Mode redis kept its sessions in ${STORE_TITLES[store]}, not in Redis${cost}.`
}

function costSentence(evidence: Evidence): string | undefined {
  const bare = findMetric(evidence, 'baseline', 'nodeCpuUs', 'saturated')
  const primary = evidence.comparisons.filter(
    (comparison) =>
      comparison.metric === 'nodeCpuUs' &&
      comparison.point === 'saturated' &&
      comparison.against === 'baseline',
  )
  if (typeof bare?.value !== 'number' || primary.length === 0) return undefined
  const costs = primary
    .filter(({ claimed }) => claimed)
    .map(({ ratio, interval, arm }) => `${formatFigure(ratio, interval)} times that with ${arm}`)
  const untold = primary
    .filter(({ claimed }) => !claimed)
    .map(({ interval: [low, high], arm }) => `${arm} (${formatFigure(low)} to ${formatFigure(high)} times)`)
  const told = costs.length > 0 ? `; with the login checked it costs ${list(costs)}` : ''
  const rest = untold.length > 0 ? `; this run is too noisy or too short to say it of ${list(untold)}` : ''
  return `On one saturated node a request that checks nothing costs ${formatFigure(bare.value, bare.interval)} µs of CPU${told}${rest}.`
}

/** The stateful lookup against the stateless signature: the question that brought people here. */
function rankingSentence(evidence: Evidence): string | undefined {
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
  const away = distance === undefined ? '' : `, with ${title} ${distance.toPrecision(2)} ms away`
  const verifier = `signatures checked by ${evidence.configuration.jwtVerifier}`
  const both = [
    relation(saturated, 'at saturation'),
    relation(equalRate, `at ${rate} requests/s${mixed}`),
  ].join(' and ')
  return `In CPU of nodes and ${title} together, jwt (${verifier}) ${both}${away}.`
}

function relation(comparison: Comparison, where: string): string {
  if (!comparison.claimed) return `cannot be told from redis ${where}`
  const { ratio, interval } = comparison
  const [low, high] = interval.map((end) => Math.abs(end - 1) * 100).sort((a, b) => a - b)
  const percent = formatFigure(Math.abs(ratio - 1) * 100, [low ?? 0, high ?? 0])
  return `costs ${percent} % ${ratio > 1 ? 'more' : 'less'} than redis ${where}`
}

function crashSentence(evidence: Evidence): string | undefined {
  const runs = evidence.failures.filter((run) => run.fault === 'kill-node' && run.survival.users > 0)
  if (runs.length === 0) return undefined
  const losing = runs.filter((run) => run.survival.lost > 0).map(describeLoss)
  const keeping = runs.filter((run) => run.survival.lost === 0).map((run) => run.mode)
  const parts = [
    losing.length > 0 ? `logged out ${list(losing)}` : '',
    keeping.length > 0 ? `logged nobody out with ${list(keeping)}` : '',
  ].filter((part) => part !== '')
  return `Killing one of ${evidence.configuration.nodes} nodes ${parts.join(', and ')}.`
}

function describeLoss(run: FailureRun): string {
  const { lost, users } = run.survival
  return `${lost} of ${users} users with ${run.mode}`
}

function logoutSentence(evidence: Evidence): string | undefined {
  // Over several faults it would name each mode many times; the matrix has the lags.
  if (new Set(evidence.failures.map(({ fault }) => fault)).size > 1) return undefined
  const parts = evidence.failures.map((run) => describeLogout(run)).filter((part) => part !== undefined)
  return parts.length > 0 ? `After a logout the old credential was ${parts.join('; ')}.` : undefined
}

function describeLogout(run: FailureRun): string | undefined {
  const { probes, acknowledged, lagsMs, unfinished } = run.revocation
  if (probes === 0) return undefined
  if (acknowledged < probes) {
    return `still good with ${run.mode} in ${probes - acknowledged} of ${probes} cases, because the logout met a node that did not know it`
  }
  if (unfinished > 0) return `still accepted with ${run.mode} when the watching ended`
  const worst = Math.max(...lagsMs)
  if (worst === 0) return `refused at once with ${run.mode}`
  return `accepted for up to ${(worst / 1000).toFixed(1)} s more with ${run.mode} (${expiry(run)})`
}

function expiry({ mode, revocation }: FailureRun): string {
  const { credentialLifetimeS, declared } = revocation
  return `credentials of ${credentialLifetimeS} s; they live ${expiryOf(declared) ?? MODES[mode].accessS} s by default`
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
