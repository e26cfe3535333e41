import type { Random } from '#bench/workload/random.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { type FaultProbe, LAG_KINDS, type LagKind } from '#contract/lag.ts'
import type { Mode } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { stillinTarget } from '#contract/target.ts'
import { seedEverywhere } from '../lab/seeding.ts'
import { seedAskers } from './askers.ts'
import { AFTER_BOUND_MS, AFTER_EXPIRY_MS } from './measure-lag.ts'
import { boundOf } from './promise-of.ts'
import { promote, type Revoked, revoke } from './revoke.ts'
import { createSharedPace } from './shared-pace.ts'
import { type CredentialWatch, openWatch } from './watch-credential.ts'

/** Logins to be revoked one by one, each watched at every node from its revocation on. */
export interface Probes extends AsyncDisposable {
  readonly count: number
  /** Of all of them, in an order drawn by chance, in which the kinds come in turn. */
  readonly indexes: readonly number[]
  /** Why nothing can be learned of them: a node did not accept a login before anything was done. */
  readonly flaw: string | undefined
  /** Revokes one, and from then on watches it where that was acknowledged. */
  revoke(index: number): Promise<void>
  /** When each has been watched for long enough to see whether its promise was kept, on `performance.now()`. */
  watchedUntilMs(): number
  /** Ends the watching. @param zeroMs from when times count. */
  close(zeroMs: number): Promise<{ probes: readonly FaultProbe[]; gapsMs: readonly number[] }>
}

interface Planned {
  readonly kind: LagKind
  readonly asker: Credential
  readonly watch: CredentialWatch
  /** When it can be accepted no longer, by its own end or the promise; set when it has been revoked. */
  untilMs: number
  done?: Revoked & { watched: ReturnType<CredentialWatch['watchThroughout']> }
}

/** Makes the logins and shows each to every node. The cluster must be in the mode, whole and at rest. */
export async function openProbes(
  cluster: RunningCluster,
  mode: Mode,
  { users, lifetimeS, random }: { users: readonly string[]; lifetimeS: number; random: Random },
): Promise<Probes> {
  await using stack = new AsyncDisposableStack()
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes())
  const planned: Planned[] = []
  const each = users.length / LAG_KINDS.length
  for (const [place, kind] of LAG_KINDS.entries()) {
    const some = users.slice(place * each, (place + 1) * each)
    // Where a bound is promised the logins live on, so that no expiry passes for a revocation.
    const lives = boundOf(mode, kind) === null ? lifetimeS : mode.accessS
    if (kind === 'demotion') for (const user of some) await promote(cluster, user)
    const logins = await seedEverywhere(cluster, mode, some, lives)
    const askers = await seedAskers(cluster, mode, kind, logins, some, lives)
    const untilMs = performance.now() + lives * 1000 + AFTER_EXPIRY_MS
    for (const { credential } of random.shuffle(logins)) {
      const watch = stack.use(await openWatch(target, credential))
      planned.push({ kind, asker: askers.get(credential.userId) ?? credential, watch, untilMs })
    }
  }
  const pace = createSharedPace()
  const over = new AbortController()
  stack.defer(() => over.abort())
  const owned = stack.move()
  return {
    count: planned.length,
    indexes: inTurn(planned.length, LAG_KINDS.length),
    flaw: flawOf(mode, planned, target.nodes.length),
    async revoke(index) {
      const probe = planned[index]
      if (probe === undefined) return
      const revoked = await revoke(cluster, mode, probe.kind, probe.asker)
      const isWatched = revoked.end === 'acknowledged'
      const boundMs = boundOf(mode, probe.kind)
      if (boundMs !== null) probe.untilMs = revoked.atMs + boundMs + AFTER_BOUND_MS
      const watched = isWatched ? probe.watch.watchThroughout(revoked.atMs, pace, over.signal) : []
      probe.done = { ...revoked, watched: Promise.resolve(watched) }
    },
    watchedUntilMs: () => Math.max(0, ...planned.flatMap(({ untilMs, done }) => (done ? [untilMs] : []))),
    async close(zeroMs) {
      over.abort()
      const probes = planned.map(async ({ kind, done }) => {
        if (done === undefined) return []
        return [{ kind, end: done.end, answeredAtMs: done.atMs - zeroMs, nodes: await done.watched }]
      })
      return { probes: (await Promise.all(probes)).flat(), gapsMs: pace.gapsMs }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** 0, n/k, 2n/k, … 1, 1 + n/k, …: one of each of `groups` groups that lie one after the other, in turn. */
function inTurn(count: number, groups: number): number[] {
  const each = count / groups
  return Array.from({ length: count }, (_, place) => (place % groups) * each + Math.floor(place / groups))
}

function flawOf(mode: Mode, planned: readonly Planned[], nodes: number): string | undefined {
  const isEverywhere = mode.balancer === 'round-robin' && mode.expected.lookup.live === 'accept'
  const needed = isEverywhere ? nodes : 1
  const missing = planned.filter(({ watch }) => watch.accepting.length < needed).length
  if (missing === 0) return undefined
  return `${missing} of ${planned.length} logins were not accepted ${isEverywhere ? 'by every node' : 'by any node'} before the fault`
}
