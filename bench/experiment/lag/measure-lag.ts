import { quantile } from '#bench/statistics/median.ts'
import type { Random } from '#bench/workload/random.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import type { LagKind, LagSpread, RevocationLag } from '#contract/lag.ts'
import type { Mode } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { stillinTarget } from '#contract/target.ts'
import { type SeededLogin, seedEverywhere } from '../lab/seeding.ts'
import { seedAskers } from './askers.ts'
import { promiseOf } from './promise-of.ts'
import { promote, revoke } from './revoke.ts'
import { openWatch, type Watched } from './watch-credential.ts'

/** One after another and closely watched where the mode takes hold soon; all at once, and less often, where it takes seconds. */
const CLOSELY = { pauseMs: 2, atOnce: 1 } as const
const LOOSELY = { pauseMs: 50, atOnce: 12 } as const
/** Expiry is checked to the second; the watching goes on a little longer. */
export const AFTER_EXPIRY_MS = 1_500
/** After a bound: what is accepted then shows that it was not kept. */
export const AFTER_BOUND_MS = 1_000

export interface LagPlan {
  readonly mode: Mode
  readonly kind: LagKind
  /** One user each. */
  readonly users: readonly string[]
  /** Of the logins; the shortest that expiry can be seen with. */
  readonly lifetimeS: number
  /** Draws the order of the revocations. */
  readonly random: Random
  /** The bound that the nodes were set to; null: the mode has none. */
  readonly boundMs: number | null
}

/** Revokes a login of every user and watches every node until it refuses. The cluster must be in the mode. */
export async function measureLag(
  cluster: RunningCluster,
  plan: LagPlan,
  signal: AbortSignal,
): Promise<RevocationLag> {
  const { mode, kind, users, boundMs, random } = plan
  const promise = promiseOf(mode, kind)
  const { pauseMs, atOnce } = boundMs === null ? LOOSELY : CLOSELY
  // Where a bound is promised the logins live on, so that no expiry passes for a revocation.
  const lifetimeS = boundMs === null ? plan.lifetimeS : mode.accessS
  const limitMs = boundMs === null ? lifetimeS * 1000 + AFTER_EXPIRY_MS : boundMs + AFTER_BOUND_MS
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes())
  const watched: Watched[][] = []
  // Logins that end by themselves are made a few at a time, so that none has ended when its turn comes.
  const batch = boundMs === null ? atOnce : users.length
  for (let from = 0; from < users.length && !signal.aborted; from += batch) {
    const some = users.slice(from, from + batch)
    if (kind === 'demotion') for (const user of some) await promote(cluster, user)
    const logins = await seedEverywhere(cluster, mode, some, lifetimeS)
    const askers = await seedAskers(cluster, mode, kind, logins, some, lifetimeS)
    // In an order that has nothing to do with the nodes they are on, which round robin visits in turn.
    const queue = random.shuffle(logins).values()
    await Promise.all(Array.from({ length: atOnce }, () => watchEach(queue, askers)))
  }

  async function watchEach(queue: Iterable<SeededLogin>, askers: ReadonlyMap<string, Credential>) {
    for (const { credential } of queue) {
      await using watch = await openWatch(target, credential)
      const asker = askers.get(credential.userId) ?? credential
      const { end, atMs } = await revoke(cluster, mode, kind, asker)
      if (end === 'acknowledged') watched.push(await watch.watch(atMs, { pauseMs, limitMs }))
    }
  }

  const all = watched.flat()
  const lag = spread(all.map(({ lagMs }) => lagMs))
  const unfinished = watched.filter((nodes) => nodes.some(({ finished }) => !finished)).length
  return {
    mode: mode.name,
    kind,
    promise,
    boundMs,
    lifetimeS,
    asked: users.length,
    acknowledged: watched.length,
    nodes: target.nodes.map(({ id }) => ({
      id,
      lagsMs: all.filter((one) => one.id === id).map(({ lagMs }) => lagMs),
    })),
    lag,
    unfinished,
    gap: spread(all.flatMap(({ gapsMs }) => gapsMs)),
    kept: isKept(promise, { boundMs, lifetimeS, count: lag.count, maxMs: lag.max, unfinished }),
  }
}

/** Was what the mode's table promises kept? Null: it promises nothing, nothing was acknowledged, or a node could not tell. */
export function isKept(
  promise: RevocationLag['promise'],
  seen: { boundMs: number | null; lifetimeS: number; count: number; maxMs: number; unfinished: number },
): boolean | null {
  if (seen.count === 0 || promise === 'by-chance' || promise === 'never') return null
  if (seen.maxMs > (promise === 'at-expiry' ? seen.lifetimeS * 1000 : (seen.boundMs ?? 0))) return false
  // The watching goes on beyond what is promised: who neither accepted nor refused until then did not answer.
  return seen.unfinished > 0 ? null : true
}

/** A distribution of times, ms. */
export function spread(values: readonly number[]): LagSpread {
  if (values.length === 0) return { count: 0, p50: 0, p99: 0, max: 0 }
  return {
    count: values.length,
    p50: quantile(values, 0.5),
    p99: quantile(values, 0.99),
    max: Math.max(...values),
  }
}
