import { runOutages } from '#bench/experiment/matrix/run-outages.ts'
import { renderOutages } from '#bench/report/terminal/outage-report.ts'
import { EXIT } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish } from '../finish.ts'
import { resolveLab } from '../lab-flags.ts'
import { showProgress } from '../show-progress.ts'
import type { ChaosFlags } from './chaos.ts'

/** The mode that has a choice of policies. */
const MODES: readonly ModeName[] = ['redis']
/** Lookups a second: fewer than a failure run’s, since there are more probes beside them. */
export const OUTAGES_RATE = 150

/** `stillin chaos --outages`. Ends with exit code 3 where a cell counts for nothing. */
export async function chaosOutages(context: CommandContext, flags: ChaosFlags): Promise<void> {
  const { outages: _, short = false, rate, seed = 1, json, out, ...labFlags } = flags
  const lab = resolveLab(labFlags, context, MODES)
  using progress = showProgress(context)
  const name = short ? 'chaos --outages --short' : 'chaos --outages'
  const command = commandLine(name, lab, { rate, seed }, MODES)
  const options = { lab, seed, ratePerS: rate ?? OUTAGES_RATE, short, command }
  const result = await runOutages(options, progress, context.signal)
  progress.pause()
  await finish(context, { result, history: [] }, renderOutages, { json, out })
  if (result.valid && (result.leftOut.length > 0 || result.checks.some(({ ok }) => !ok)))
    context.exitWith(EXIT.invalid)
}
