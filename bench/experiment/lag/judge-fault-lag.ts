import {
  type FaultLag,
  type FaultLagRow,
  type FaultProbe,
  LAG_KINDS,
  type LagKind,
  type LagVerdict,
  type NodeLag,
  REVOCATION_ENDS,
  type RevocationEnd,
  type WatchedThroughout,
} from '#contract/lag.ts'
import type { Mode } from '#contract/modes.ts'
import { spread } from './measure-lag.ts'
import { boundOf, promiseOf } from './promise-of.ts'

type Facts = Pick<FaultLag, 'fault' | 'part' | 'lifetimeS' | 'probes'>

/** What the revocations around a fault come to: a row for those told before it and those from then on, by promise. */
export function judgeFaultLag(mode: Mode, facts: Facts, nodeIds: readonly string[]): FaultLagRow[] {
  return (['before', 'during'] as const).flatMap((when) =>
    kindsByPromise(mode).map((kinds) => {
      const probes = facts.probes.filter(
        ({ kind, answeredAtMs }) => kinds.includes(kind) && answeredAtMs < 0 === (when === 'before'),
      )
      return rowOf(mode, facts, nodeIds, kinds, when, probes)
    }),
  )
}

/** Kinds of revocation that the mode's table promises the same of. */
function kindsByPromise(mode: Mode): LagKind[][] {
  const groups = Map.groupBy(LAG_KINDS, (kind) => `${promiseOf(mode, kind)} ${boundOf(mode, kind)}`)
  return [...groups.values()]
}

function rowOf(
  mode: Mode,
  facts: Facts,
  nodeIds: readonly string[],
  kinds: readonly LagKind[],
  when: FaultLagRow['when'],
  probes: readonly FaultProbe[],
): FaultLagRow {
  const watched = probes.flatMap(({ nodes }) => nodes)
  const [kind = 'logout'] = kinds
  const row = {
    when,
    kinds,
    promise: promiseOf(mode, kind),
    boundMs: boundOf(mode, kind),
    ends: countEnds(probes),
    all: nodeLag(watched),
    nodes: nodeIds.map((id) => ({
      id,
      hit: facts.part === id,
      ...nodeLag(watched.filter((one) => one.id === id)),
    })),
  }
  return { ...row, verdict: verdictOf(row, facts) }
}

function countEnds(probes: readonly FaultProbe[]): Record<RevocationEnd, number> {
  const count = (end: RevocationEnd) => probes.filter((probe) => probe.end === end).length
  return Object.fromEntries(REVOCATION_ENDS.map((end) => [end, count(end)])) as Record<RevocationEnd, number>
}

function nodeLag(watched: readonly WatchedThroughout[]): NodeLag {
  const sum = (of: (one: WatchedThroughout) => number) => watched.reduce((total, one) => total + of(one), 0)
  return {
    lag: spread(watched.map(({ lagMs }) => lagMs)),
    answeredMaxMs: Math.max(0, ...watched.map(({ answeredMs }) => answeredMs)),
    questions: sum(({ questions }) => questions),
    unavailable: sum(({ unavailable }) => unavailable),
    unanswered: sum(({ unanswered }) => unanswered),
    unfinished: watched.filter(({ finished }) => !finished).length,
  }
}

function verdictOf(
  { promise, boundMs, ends, all }: Omit<FaultLagRow, 'verdict'>,
  { fault, lifetimeS }: Facts,
): LagVerdict {
  if (ends.acknowledged === 0) return ends.refused > 0 ? 'refused' : 'cannot-tell'
  if (promise === 'by-chance' || promise === 'never') return 'no-promise'
  const limitMs = promise === 'at-expiry' ? lifetimeS * 1000 : (boundMs ?? 0)
  // The bound holds between nodes that reach each other, as the mode's table says.
  const isOutOfReach = promise === 'after-replication' && fault === 'partition-peers'
  if (all.lag.max > limitMs) return isOutOfReach ? 'as-declared' : 'beyond'
  return all.unfinished > 0 || all.answeredMaxMs > limitMs ? 'cannot-tell' : 'kept'
}
