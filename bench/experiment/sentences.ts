import { formatTime } from '#bench/report/numbers.ts'
import { expiryOf, MODES, type ModeName } from '#contract/modes.ts'
import type { FailureRun, RunResult } from '#contract/result.ts'
import { isServer, STORE_TITLES } from '#contract/stores.ts'
import { costSentence, rankingSentence } from './costs/cost-sentences.ts'
import { faultSentences } from './failures/fault-sentences.ts'
import { list } from './list.ts'

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

/** A mode that is called redis and was not over Redis says so first. */
function storeSentence({ configuration }: Evidence): string | undefined {
  const { store = 'redis', modes } = configuration
  if (store === 'redis' || !modes.includes('redis')) return undefined
  const cost = isServer(store) ? '' : '; that store has no process of its own, so its cost is in the node'
  return `Mode redis kept its sessions in ${STORE_TITLES[store]}, not in Redis${cost}.`
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
