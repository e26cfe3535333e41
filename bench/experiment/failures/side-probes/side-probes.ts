import { labUserIds } from '#contract/lab.ts'
import type { Mode } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { Target } from '#contract/target.ts'
import type { Lab } from '../../lab/lab.ts'
import { seedEverywhere } from '../../lab/seeding.ts'
import type { FailureSchedule } from '../failure-schedule.ts'
import { type Intrusions, openIntruderProbe } from './intruder-probe.ts'
import { measureLoginCpuMs } from './login-cost.ts'
import { type LoginAttempt, probeLogins } from './login-probe.ts'
import { OUTAGE_USERS, type OutageEvidence, openOutageProbe } from './outage-probe.ts'
import { probeWrites, type Writers } from './write-probe.ts'

/** Beside the load: people who log in, who write, and who should be out. Other people than the load’s, each. */
const LOGGING_IN = 12
const WRITING = 12
const LOGGED_OUT = 6
export const SIDE_USERS = LOGGING_IN + WRITING + LOGGED_OUT

/** What the side probes saw. */
export interface SideEvidence {
  logins: readonly LoginAttempt[]
  writers: Writers
  intrusions: Intrusions
  loginCpuMs: number | null
  /** Where the schedule asks for it. */
  outage?: OutageEvidence
}

export interface SideProbes {
  forge(credential: Credential): void
  /** Probes until the signal. */
  run(signal: AbortSignal): Promise<SideEvidence>
}

/** Makes the logins that the side probes start from. The cluster should be at rest. */
export async function openSideProbes(
  lab: Lab,
  target: Target,
  mode: Mode,
  schedule: FailureSchedule,
): Promise<SideProbes> {
  const first = schedule.users + schedule.probes
  const users = labUserIds(first, SIDE_USERS)
  const logins = await seedEverywhere(lab.cluster, mode, users.slice(LOGGING_IN))
  const loginCpuMs = await measureLoginCpuMs(lab, target, users[0] ?? '')
  const intruders = await openIntruderProbe(target, logins.slice(WRITING))
  const outage = schedule.withOutage
    ? await openOutageProbe(lab.cluster, target, mode, labUserIds(first + SIDE_USERS, OUTAGE_USERS))
    : undefined
  return {
    forge: intruders.forge,
    async run(signal) {
      const [attempts, writers, intrusions, seen] = await Promise.all([
        probeLogins(target, users.slice(0, LOGGING_IN), signal),
        probeWrites(target, logins.slice(0, WRITING), signal),
        intruders.run(signal),
        outage?.run(schedule.faultAtMs, signal),
      ])
      return { logins: attempts, writers, intrusions, loginCpuMs, ...(seen && { outage: seen }) }
    },
  }
}
