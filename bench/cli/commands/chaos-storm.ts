import { runStorms } from '#bench/experiment/storm/run-storms.ts'
import { renderStorm } from '#bench/report/terminal/storm-report.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish } from '../finish.ts'
import { resolveLab } from '../lab-flags.ts'
import { showProgress } from '../show-progress.ts'
import type { ChaosFlags } from './chaos.ts'

/** `stillin chaos --storm 300`. */
export async function chaosStorm(context: CommandContext, flags: ChaosFlags, users: number): Promise<void> {
  const { storm: _, seed = 1, json, out, ...labFlags } = flags
  const lab = { ...resolveLab(labFlags, context), redisPersistence: 'aof' } as const
  using progress = showProgress(context)
  const command = commandLine('chaos', lab, { storm: users, seed })
  const result = await runStorms({ lab, users, seed, command }, progress, context.signal)
  progress.pause()
  await finish(context, { result, history: [] }, renderStorm, { json, out })
}
