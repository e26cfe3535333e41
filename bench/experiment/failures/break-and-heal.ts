import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, InjectedFault } from '#bench/chaos/fault.ts'
import type { Cluster } from '#cluster/cluster.ts'
import { monotonicUs } from '#contract/clock.ts'
import { labUserIds } from '#contract/lab.ts'
import type { ModeName } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { FailureSchedule } from './failure-schedule.ts'

/** What was broken, and when it broke and was whole again, µs on the monotonic clock. */
export interface Broken {
  part: string
  /** Of several faults in a row: each. */
  steps: InjectedFault['steps']
  /** Healing ends every login on purpose. */
  voidsLogins: boolean
  /** What chance decided beside the part. */
  detail: string | undefined
  hits: Fault['hits']
  emptied: readonly string[]
  joined: InjectedFault['joined']
  /** Logins that began at the node that joined. */
  begun: readonly Credential[]
  faultUs: number
  /** Taken when the healing began. */
  healBeganUs: number
  /** Taken when it was done: a process that was started again answers. */
  healUs: number
}

/** Breaks one part on time and heals it on time, whatever happens in between. */
export async function breakAndHeal(
  lab: { readonly cluster: Cluster },
  mode: ModeName | undefined,
  fault: Fault,
  chance: () => number,
  schedule: Pick<FailureSchedule, 'faultAtMs' | 'healAtMs'>,
  startUs: number,
  signal: AbortSignal,
  onInjected: (injected: InjectedFault) => void,
): Promise<Broken> {
  const until = (atMs: number) =>
    sleep(Math.max(0, (startUs - monotonicUs()) / 1000 + atMs), undefined, { signal })
  await until(schedule.faultAtMs)
  const faultUs = monotonicUs()
  await using injected = await fault.inject(lab.cluster, chance, mode, signal)
  onInjected(injected)
  const begun = await beginAt(lab.cluster, injected)
  // What is over when it has been injected is not waited for any longer.
  if (fault.forMs !== null) await until(schedule.healAtMs)
  const healBeganUs = monotonicUs()
  await injected[Symbol.asyncDispose]()
  const { part, detail, emptied, steps, joined } = injected
  const voidsLogins = fault.voidsLogins === true
  return {
    part,
    voidsLogins,
    detail,
    steps,
    hits: fault.hits,
    emptied,
    joined,
    begun,
    faultUs,
    healBeganUs,
    healUs: monotonicUs(),
  }
}

const BEGUN_AT_NEWCOMER = 12

/** A few people log in at a node that has joined: what becomes of them when it leaves? */
async function beginAt(cluster: Cluster, { joined }: InjectedFault): Promise<readonly Credential[]> {
  if (joined === undefined) return []
  return cluster.seed(joined.node, { userIds: labUserIds(0, BEGUN_AT_NEWCOMER) })
}
