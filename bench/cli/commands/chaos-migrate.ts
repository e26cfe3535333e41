import { runMigration } from '#bench/experiment/migrate/run-migration.ts'
import { renderMigration } from '#bench/report/terminal/migration-report.ts'
import { LAB } from '#contract/lab.ts'
import type { ModeName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish } from '../finish.ts'
import { resolveLab } from '../lab-flags.ts'
import { showProgress } from '../show-progress.ts'
import type { ChaosFlags } from './chaos.ts'

/** `stillin chaos --migrate local,sticky,redis,jwt`. */
export async function chaosMigrate(
  context: CommandContext,
  flags: ChaosFlags,
  modes: readonly ModeName[],
): Promise<void> {
  const { migrate: _, rate, seed = 1, json, out, ...labFlags } = flags
  const asked = resolveLab(labFlags, context)
  using progress = showProgress(context)
  // The modes are those of the steps.
  const command = commandLine('chaos', asked, { migrate: modes.join(','), rate, seed }, asked.modes)
  const options = { lab: { ...asked, modes }, modes, ratePerS: rate ?? LAB.failureRate, seed, command }
  const result = await runMigration(options, progress, context.signal)
  progress.pause()
  await finish(context, { result, history: [] }, renderMigration, { json, out })
}
