import { setTimeout as sleep } from 'node:timers/promises'
import type { VirtualClient } from '#bench/workload/client.ts'
import type { Random } from '#bench/workload/random.ts'
import { monotonicUs } from '#contract/clock.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { stillinTarget, type Target } from '#contract/target.ts'
import { surveyHoldings } from '../costs/survey.ts'
import { measureLoginCpuMs } from '../failures/side-probes/login-cost.ts'
import { whenWhole } from '../failures/when-whole.ts'
import type { Lab } from '../lab/lab.ts'
import { keepAsking, type Seen } from './asking-people.ts'
import { type StepRecord, whenInAgain } from './summarise-step.ts'

/** Longest from the order to everybody's return; what takes longer is not waited for. */
const LIMIT_MS = 12_000
const LOOK_EVERY_MS = 20

export interface StepOptions {
  readonly from: ModeName
  readonly to: ModeName
  readonly clients: readonly VirtualClient[]
  readonly everyMs: number
  /** Before the order, so that it is known to be quiet; and after everybody is in again. */
  readonly steadyMs: number
  readonly settleMs: number
  readonly random: Random
  /** Somebody else than the clients, whose logins are timed at rest. */
  readonly bystander: string
}

/** Switches the cluster while everybody goes on asking, and waits until all of them are in again. */
export async function migrateStep(
  lab: Pick<Lab, 'cluster'>,
  { from, to, clients, everyMs, steadyMs, settleMs, random, bystander }: StepOptions,
  signal: AbortSignal,
): Promise<StepRecord> {
  const { cluster } = lab
  await whenWhole(cluster, signal)
  const target = (mode: ModeName): Target => stillinTarget(MODES[mode], cluster.proxy.url, cluster.nodes())
  const held = clients.map((client) => client.credential())
  const before = await surveyHoldings(target(from), held)
  const seen: Seen = { asked: [], tries: [] }
  const over = new AbortController()
  const asking = keepAsking(clients, cluster.proxy.url, everyMs, random, seen, over.signal)
  try {
    await sleep(steadyMs, undefined, { signal })
    const orderUs = monotonicUs()
    await cluster.setMode(to)
    const confirmedUs = monotonicUs()
    const isWhole = (): boolean => whenInAgain(seen, { orderUs, confirmedUs }).size === clients.length
    while (!isWhole() && monotonicUs() < orderUs + LIMIT_MS * 1000)
      await sleep(LOOK_EVERY_MS, undefined, { signal })
    await sleep(settleMs, undefined, { signal })
    const endUs = monotonicUs()
    over.abort()
    await asking
    // With what they held then, at rest: the survey is no load on those who come back.
    const after = await surveyHoldings(target(to), held)
    const loginCpuMs = await measureLoginCpuMs(lab, target(to), bystander)
    const users = clients.map(({ userId }) => userId)
    return { from, to, users, seen, orderUs, confirmedUs, endUs, before, after, loginCpuMs }
  } finally {
    over.abort()
    await asking
  }
}
