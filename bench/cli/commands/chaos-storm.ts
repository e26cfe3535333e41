import { STORM_SIZES } from '#bench/experiment/storm/project-storm.ts'
import { runStorms } from '#bench/experiment/storm/run-storms.ts'
import {
  LOOKUPS_PER_S,
  REMOTE_LIMIT_MS,
  REST_MS,
  stormLimitMs,
  stormUsers,
} from '#bench/experiment/storm/storm-plan.ts'
import { renderStorm } from '#bench/report/terminal/storm-report.ts'
import { EXIT } from '#contract/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish } from '../finish.ts'
import { foreignService, refuseOnForeign } from '../foreign/foreign-service.ts'
import { resolveLab } from '../lab-flags.ts'
import { showProgress } from '../show-progress.ts'
import type { ChaosFlags } from './chaos.ts'

/** `stillin chaos --storm 10000`. Ends with exit code 3 where not everybody is in again within the limit. */
export async function chaosStorm(context: CommandContext, flags: ChaosFlags, users: number): Promise<void> {
  const { storm: _, seed = 1, rate, within, project, json, out, ...labFlags } = flags
  if (foreignService(labFlags.cluster)) refuseOnForeign(flags, ['fault', 'at', 'for'])
  const asked = resolveLab(labFlags, context)
  // Who did not say how many there are gets as many as it takes.
  const exist = labFlags.users ?? Math.max(asked.users, stormUsers(users))
  const lab = { ...asked, users: exist, redisPersistence: 'aof' } as const
  const longestMs = asked.cluster === undefined ? Number.POSITIVE_INFINITY : REMOTE_LIMIT_MS
  const limitMs = within ?? Math.min(stormLimitMs(users), longestMs)
  const plan = { users, seed, ratePerS: rate ?? LOOKUPS_PER_S, restMs: REST_MS, limitMs }
  using progress = showProgress(context)
  const said = {
    storm: users,
    rate,
    within: within === undefined ? undefined : `${within}ms`,
    project: project?.map((size) => `${size.users}/${size.cores}`).join(),
    seed,
  }
  const command = commandLine('chaos', asked, said)
  const options = { lab, plan, sizes: project ?? STORM_SIZES, command }
  const result = await runStorms(options, progress, context.signal)
  progress.pause()
  await finish(context, { result, history: [] }, renderStorm, { json, out })
  if (result.valid && result.checks.some(({ ok }) => !ok)) context.exitWith(EXIT.invalid)
}
