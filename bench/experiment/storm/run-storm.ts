import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '#bench/workload/random.ts'
import { monotonicUs } from '#contract/clock.ts'
import { labUserIds } from '#contract/lab.ts'
import type { Mode } from '#contract/modes.ts'
import type { StormCourse, StormRun } from '#contract/result.ts'
import { stillinTarget } from '#contract/target.ts'
import { whenWhole } from '../failures/when-whole.ts'
import type { Lab } from '../lab/lab.ts'
import { seedEverywhere } from '../lab/seeding.ts'
import { BYSTANDERS, lookupsBetween, watchBystanders } from './bystanders.ts'
import { type Returned, returnUsers } from './return-users.ts'
import { cpuBetween, perLoginMs, readCpu } from './storm-cpu.ts'
import { AFTER_MS, type StormPlan } from './storm-plan.ts'
import { wipe, wipeOf } from './wipe.ts'

/** A storm that nobody has projected yet. */
export type BareStorm = Omit<StormRun, 'course'> & { course: Omit<StormCourse, 'projection' | 'projected'> }

/** Loses every login of one mode, and times how long it takes until everybody is in again, or until the limit. */
export async function runStorm(
  lab: Lab,
  mode: Mode,
  plan: StormPlan,
  onBack: (count: number) => void,
  signal: AbortSignal,
): Promise<BareStorm> {
  const { cluster } = lab
  const { users, limitMs, ratePerS, restMs, seed } = plan
  await whenWhole(cluster, signal)
  await cluster.setMode(mode.name)
  const logins = await seedEverywhere(cluster, mode, labUserIds(0, users))
  await wipe(cluster, mode, signal)
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes(), lab.renewal)
  const watch = { firstUser: users, ratePerS, lastsMs: restMs + limitMs + AFTER_MS, seed }
  const bystanders = await watchBystanders(lab, target, mode, watch, signal)
  const atRest = await readCpu(lab)
  await sleep(restMs, undefined, { signal })
  const outUs = monotonicUs()
  const before = await readCpu(lab)
  const returned = await returnUsers(target, logins, createRandom(seed), limitMs, onBack, signal)
  const backUs = monotonicUs()
  const after = await readCpu(lab)
  const samples = await bystanders.end(backUs)
  const [rest, storm] = [cpuBetween(atRest, before), cpuBetween(before, after)]
  const made = returned.backMs.length
  const hashMs = perLoginMs(storm, rest, 'besideLoopsUs', made)
  const loopMs = perLoginMs(storm, rest, 'loopsUs', made)
  return {
    mode: mode.name,
    users,
    wipe: wipeOf(mode) ?? '',
    neverOut: returned.neverOut,
    neverBack: returned.neverBack,
    loginsTried: returned.tried,
    loginsFailed: Object.values(returned.failed).reduce((sum, count) => sum + count, 0),
    halfBackMs: backAt(returned, 0.5),
    allBackMs: backAt(returned, 1),
    nodeCpuMsEach: hashMs === null || loopMs === null ? null : hashMs + loopMs,
    nodeCoresUsed: (storm.loopsUs + storm.besideLoopsUs) / storm.atUs,
    course: {
      limitMs,
      back90Ms: backAt(returned, 0.9),
      back99Ms: backAt(returned, 0.99),
      loginsPerS: made === 0 ? 0 : (1000 * made) / (returned.backMs.at(-1) ?? limitMs),
      failedTries: returned.failed,
      hashCpuMsEach: hashMs,
      proxyCoresUsed: storm.proxyUs / storm.atUs,
      usersCoresUsed: storm.usersUs / storm.atUs,
      lookups: {
        users: BYSTANDERS,
        ratePerS,
        before: lookupsBetween(samples, atRest.atUs, outUs),
        during: lookupsBetween(samples, outUs, backUs),
      },
    },
  }
}

/** When this share of those who were out was in again, ms; null where so many never were. */
export function backAt(
  { backMs, neverBack }: Pick<Returned, 'backMs' | 'neverBack'>,
  share: number,
): number | null {
  const wanted = Math.ceil((backMs.length + neverBack) * share)
  return wanted === 0 ? null : (backMs[wanted - 1] ?? null)
}
