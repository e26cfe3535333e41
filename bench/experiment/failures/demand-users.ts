import { EXIT, StillinError } from '#contract/errors.ts'
import type { FailureSchedule } from './failure-schedule.ts'
import { OUTAGE_USERS } from './side-probes/outage-probe.ts'
import { SIDE_USERS } from './side-probes/side-probes.ts'

/** Each virtual user is somebody else, or one's logout would be another's. @throws StillinError (usage) */
export function demandUsers(users: number, schedule: FailureSchedule): void {
  const needed = schedule.users + schedule.probes + SIDE_USERS + (schedule.withOutage ? OUTAGE_USERS : 0)
  if (users >= needed) return
  throw new StillinError(`a failure run needs at least ${needed} users (--users), not ${users}`, {
    exitCode: EXIT.usage,
  })
}
