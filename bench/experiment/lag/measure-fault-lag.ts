import { setTimeout as sleep } from 'node:timers/promises'
import { FAULTS } from '#bench/chaos/fault-table.ts'
import type { Random } from '#bench/workload/random.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import type { FaultLag, LagFault } from '#contract/lag.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { whenWhole } from '../failures/when-whole.ts'
import { judgeFaultLag } from './judge-fault-lag.ts'
import { AFTER_BOUND_MS, AFTER_EXPIRY_MS, spread } from './measure-lag.ts'
import { openProbes, type Probes } from './probes.ts'
import { boundOf } from './promise-of.ts'

export interface FaultLagPlan {
  readonly mode: ModeName
  readonly fault: LagFault
  /** One a revocation: twice as many as there are kinds and probes of each. */
  readonly users: readonly string[]
  /** How long it is in force, ms. */
  readonly forMs: number
  /** Of logins whose revocation takes hold at expiry, s: they must outlive the fault. */
  readonly lifetimeS: number
  /** Draws the order of the revocations, and what is hit. */
  readonly random: Random
}

/** After the healing: parts that were started again have found each other, and what was held back has arrived. */
const AFTER_HEAL_MS = 2_000
/** Revocations on their way when the fault strikes. */
const UNDER_WAY = 3
const AT_ONCE = 4

/**
 * Revokes logins just before a fault and while it lasts, and asks every node with each of them until some time after
 * the heal. The first half goes out at once; the fault strikes when all but three of these have been answered, so that
 * what was acknowledged is as fresh as can be. The other half is spread over the fault.
 */
export async function measureFaultLag(
  cluster: RunningCluster,
  plan: FaultLagPlan,
  signal: AbortSignal,
): Promise<FaultLag> {
  const { fault: name, random, forMs, lifetimeS } = plan
  const mode = MODES[plan.mode]
  const fault = FAULTS[name]
  await whenWhole(cluster, signal)
  await cluster.setMode(mode.name)
  await using probes = await openProbes(cluster, mode, plan)
  const half = probes.count / 2
  const [early, late] = [probes.indexes.slice(0, half), probes.indexes.slice(half)]

  const burst = burstOf(probes, early)
  await burst.almostAnswered
  const beganMs = performance.now()
  const spreadMs = fault.forMs === null ? fault.takesMs : forMs
  const asked = late.map(async (index, place) => {
    await sleep((spreadMs * (place + 0.5)) / late.length, undefined, { signal })
    await probes.revoke(index)
  })
  const lasting = (async () => {
    await using injected = await fault.inject(cluster, () => random.next(), mode.name, signal)
    const inForceMs = performance.now()
    if (fault.forMs !== null) await sleep(forMs, undefined, { signal })
    const lastedMs = performance.now() - inForceMs
    await injected[Symbol.asyncDispose]()
    return { part: injected.part, detail: injected.detail, lastedMs }
  })()
  // The healing above all must be done before anybody is told that something failed.
  await Promise.allSettled([burst.done, lasting, ...asked])
  const [{ part, detail, lastedMs }] = await Promise.all([lasting, burst.done, ...asked])
  await sleep(Math.max(AFTER_HEAL_MS, probes.watchedUntilMs() - performance.now()), undefined, { signal })
  const evidence = await probes.close(beganMs)
  const facts = { fault: name, part, lifetimeS, probes: evidence.probes }
  return {
    mode: mode.name,
    ...facts,
    ...(detail === undefined ? {} : { detail }),
    forMs: lastedMs,
    steady: probes.flaw === undefined,
    ...(probes.flaw === undefined ? {} : { reason: probes.flaw }),
    gap: spread(evidence.gapsMs),
    rows: judgeFaultLag(
      mode,
      facts,
      cluster.nodes().map(({ id }) => id),
    ),
  }
}

/** Planned seconds: seeding, the fault, the healing, and the watching after it. */
export function faultLagSeconds({ mode, fault, forMs, lifetimeS }: Omit<FaultLagPlan, 'users' | 'random'>) {
  const bounds = (['logout', 'ban'] as const).map((kind) => boundOf(MODES[mode], kind))
  const afterMs = bounds.includes(null) ? lifetimeS * 1000 - forMs + AFTER_EXPIRY_MS : AFTER_BOUND_MS
  const lastsMs = FAULTS[fault].forMs === null ? FAULTS[fault].takesMs : forMs
  return (2_000 + lastsMs + Math.max(AFTER_HEAL_MS, afterMs)) / 1000
}

/** A few at a time. */
function burstOf(probes: Probes, indexes: readonly number[]) {
  const almost = Promise.withResolvers<void>()
  const queue = indexes.values()
  let answered = 0
  const work = async () => {
    for (const index of queue) {
      await probes.revoke(index)
      answered += 1
      if (answered >= indexes.length - UNDER_WAY) almost.resolve()
    }
  }
  const done = Promise.all(Array.from({ length: AT_ONCE }, work)).then(() => almost.resolve())
  done.catch(almost.reject)
  return { almostAnswered: almost.promise, done }
}
