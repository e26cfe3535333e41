import { Command } from 'commander'
import { FULL, QUICK } from '#bench/experiment/calibrate/plants.ts'
import { runCalibration } from '#bench/experiment/calibrate/run-calibration.ts'
import { CALIBRATION_SETTINGS, FULL_CALIBRATION_SETTINGS } from '#bench/experiment/costs/bench-settings.ts'
import { renderCalibration } from '#bench/report/terminal/calibration-report.ts'
import { LAB } from '#contract/lab.ts'
import type { ModeName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish, type OutputFlags } from '../finish.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { addOutputFlags } from '../output-flags.ts'
import { showProgress } from '../show-progress.ts'

interface CalibrateFlags extends LabFlags, OutputFlags {
  full?: boolean
  seed?: number
}

/** The first that can run here. */
const CALIBRATION_MODES: readonly ModeName[] = ['redis', 'local']
const BUDGET_S = 240
const FULL_BUDGET_S = 2_400

const EXAMPLES = `
Examples:
  stillin calibrate
  stillin calibrate --modes jwt
  stillin calibrate --full

Under five minutes. --full takes about twenty: is +10 % CPU found in nineteen of twenty runs, each as long
as a bench by default, and are 40 pairs of equal arms called equal?`

/** `stillin calibrate`: slowdowns of known size are planted, and the harness is asked what it sees. */
export function calibrateCommand(context: CommandContext): Command {
  return addOutputFlags(addLabFlags(new Command('calibrate'), CALIBRATION_MODES))
    .description('plant slowdowns of known size and say which of them this machine can tell apart now')
    .option(
      '--full',
      `CPU at saturation alone, +10 % and nothing, in ${FULL_CALIBRATION_SETTINGS.rounds} rounds of full windows`,
    )
    .addHelpText('after', EXAMPLES)
    .action((flags: CalibrateFlags) => calibrate(context, flags))
}

async function calibrate(context: CommandContext, flags: CalibrateFlags): Promise<void> {
  const { full = false, seed = 1, json, out } = flags
  const lab = resolveLab(flags, context, CALIBRATION_MODES)
  const settings = {
    ...(full ? FULL_CALIBRATION_SETTINGS : CALIBRATION_SETTINGS),
    connections: LAB.connections,
    users: LAB.connections * 8,
    seed,
  }
  const command = commandLine('calibrate', lab, { full: full ? true : undefined, seed }, CALIBRATION_MODES)
  using progress = showProgress(context)
  const result = await runCalibration(
    { lab, settings, programme: full ? FULL : QUICK, budgetS: full ? FULL_BUDGET_S : BUDGET_S, command },
    progress,
    context.signal,
  )
  progress.pause()
  await finish(context, { result, history: [] }, renderCalibration, { json, out })
}
