import { formatCount, formatFigure, formatTime } from '#bench/report/numbers.ts'
import { type ArmName, expiryOf, MODES, type ModeName } from '#contract/modes.ts'
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
  const rest = untold.length > 0 ? `; no difference from that is claimed of ${list(untold)}` : ''
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
  const away = distance === undefined ? '' : `, with ${title} ${formatTime(distance)} away`
  const verifier = `signatures checked by ${evidence.configuration.jwtVerifier}`
  const both = [
    relation(saturated, 'at saturation'),
    relation(equalRate, `at ${rate === null ? 'an equal rate' : `${formatCount(rate)} requests/s`}${mixed}`),
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

/** A run that was not steady says nothing of its fault. */
function steadyByMode({ failures }: Evidence): readonly (readonly [ModeName, readonly FailureRun[]])[] {
  return [
    ...Map.groupBy(
      failures.filter(({ steady }) => steady.before && steady.after),
      ({ mode }) => mode,
    ),
  ]
}

function crashSentence(evidence: Evidence): string | undefined {
  const modes = steadyByMode(evidence)
    .map(([mode, runs]) => {
      const kills = runs.filter(
        ({ fault, survival }) =>
          fault === 'kill-node' && survival.users > 0 && survival.verdict !== 'unknown',
      )
      return { mode, kills }
    })
    .filter(({ kills }) => kills.length > 0)
  if (modes.length === 0) return undefined
  const isLosing = ({ kills }: (typeof modes)[number]) => kills.some(({ survival }) => survival.lost > 0)
  const losing = modes.filter(isLosing).map(({ mode, kills }) => describeLoss(mode, kills))
  const keeping = modes
    .filter((one) => !isLosing(one))
    .map(({ mode, kills }) => mode + (kills.length > 1 ? ` (${kills.length} kills)` : ''))
  const parts = [
    losing.length > 0 ? `logged out ${list(losing)}` : '',
    keeping.length > 0 ? `logged nobody out with ${list(keeping)}` : '',
  ].filter((part) => part !== '')
  return `Killing one of ${evidence.configuration.nodes} nodes ${parts.join(', and ')}.`
}

function describeLoss(mode: ModeName, kills: readonly FailureRun[]): string {
  const [first] = kills
  if (kills.length === 1 && first)
    return `${first.survival.lost} of ${first.survival.users} users with ${mode}`
  const lost = kills.map(({ survival }) => survival.lost)
  const users = Math.min(...kills.map(({ survival }) => survival.users))
  return `${Math.min(...lost)} to ${Math.max(...lost)} of ${users} users with ${mode} (${kills.length} kills)`
}

function logoutSentence(evidence: Evidence): string | undefined {
  // Over several faults it would name each mode many times; the matrix has the lags.
  if (new Set(evidence.failures.map(({ fault }) => fault)).size > 1) return undefined
  const parts = steadyByMode(evidence)
    .map(([mode, runs]) => describeLogout(mode, runs))
    .filter((part) => part !== undefined)
  return parts.length > 0 ? `After a logout the old credential was ${parts.join('; ')}.` : undefined
}

/** The worst of a mode's runs. */
function describeLogout(mode: ModeName, runs: readonly FailureRun[]): string | undefined {
  const timed = runs.filter(({ revocation }) => revocation.probes > 0)
  const sum = (count: (probe: FailureRun['revocation']) => number) =>
    timed.reduce((total, { revocation }) => total + count(revocation), 0)
  const probes = sum((probe) => probe.probes)
  const unacknowledged = probes - sum(({ acknowledged }) => acknowledged)
  const [first] = timed
  if (first === undefined) return undefined
  if (unacknowledged > 0)
    return MODES[mode].revokes.one === 'by-chance'
      ? `still good with ${mode} in ${unacknowledged} of ${probes} cases, because the logout met a node that did not know it`
      : `not watched with ${mode} in ${unacknowledged} of ${probes} cases, because the logout was not acknowledged`
  if (sum(({ unfinished }) => unfinished) > 0) return `still accepted with ${mode} when the watching ended`
  const unclear = sum((probe) => probe.unclear ?? 0)
  if (unclear > 0) return `not seen refused by every node with ${mode} in ${unclear} of ${probes} cases`
  const worst = Math.max(...timed.flatMap(({ revocation }) => revocation.lagsMs))
  if (worst === 0) return `refused at once with ${mode}`
  return `accepted for up to ${formatTime(worst)} more with ${mode}${expiry(first)}`
}

/** Only where a logout waits for the expiry is the lifetime what bounds it. */
function expiry({ mode, revocation }: FailureRun): string {
  if (MODES[mode].revokes.one !== 'at-expiry') return ''
  const { credentialLifetimeS, declared } = revocation
  return ` (credentials of ${credentialLifetimeS} s; they live ${expiryOf(declared) ?? MODES[mode].accessS} s by default)`
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
