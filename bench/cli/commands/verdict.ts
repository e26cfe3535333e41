import { Command } from 'commander'
import { VERDICT_MODES, VERDICT_SETTINGS } from '#bench/experiment/costs/bench-settings.ts'
import { DEFAULT_FAILURE_SCHEDULE } from '#bench/experiment/failures/failure-schedule.ts'
import { runExperiment } from '#bench/experiment/run-experiment.ts'
import { renderVerdict } from '#bench/report/terminal/verdict-table.ts'
import { LAB } from '#contract/lab.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish, type OutputFlags } from '../finish.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { addOutputFlags } from '../output-flags.ts'
import { showProgress } from '../show-progress.ts'

interface VerdictFlags extends LabFlags, OutputFlags {
  seed?: number
}

const EXAMPLES = `
Examples:
  stillin verdict
  stillin verdict --modes redis,jwt --forwarder undici
  stillin verdict --json > result.json`

/** `stillin verdict` (`npm start`): what does each cost, and who is still in? About three minutes. */
export function verdictCommand(context: CommandContext): Command {
  return addOutputFlags(addLabFlags(new Command('verdict'), VERDICT_MODES))
    .description(
      'compare five ways to remember a login, kill a node in the middle, and say what each costs and loses',
    )
    .addHelpText('after', EXAMPLES)
    .action((flags: VerdictFlags) => verdict(context, flags))
}

async function verdict(
  context: CommandContext,
  { seed = 1, json, out, ...labFlags }: VerdictFlags,
): Promise<void> {
  const lab = resolveLab(labFlags, context, VERDICT_MODES)
  using progress = showProgress(context)
  const done = await runExperiment(
    {
      kind: 'verdict',
      lab,
      seed,
      command: commandLine('verdict', lab, { seed }, VERDICT_MODES),
      costs: {
        ...VERDICT_SETTINGS,
        via: 'proxy',
        connections: LAB.connections,
        ratePerS: undefined,
        users: LAB.connections * 8,
        seed,
      },
      failures: { fault: 'kill-node', schedule: DEFAULT_FAILURE_SCHEDULE, repeat: 1 },
    },
    progress,
    context.signal,
  )
  progress.pause()
  await finish(context, done, renderVerdict, { json, out })
}
