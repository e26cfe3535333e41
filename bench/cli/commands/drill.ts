import { join, relative } from 'node:path'
import { Command } from 'commander'
import { runDrills } from '#bench/experiment/drill/run-drills.ts'
import { renderJudgement } from '#bench/report/terminal/judgement-report.ts'
import { EXIT } from '#contract/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { wholeNumber } from '../parse-options.ts'
import { showProgress } from '../show-progress.ts'

interface DrillFlags extends LabFlags {
  seed?: number
  seconds?: number
  out?: string
  json?: boolean
}

const EXAMPLES = `
Examples:
  stillin drill --modes redis --seed 7
  stillin drill --modes all --seconds 10

The seed repeats what is done and in what order, not how it interleaves: keep the history of a run that fails.
Exit codes: 0 no promise is broken · 3 one is, or no checker could say anything.`

/** `stillin drill`: a few users at the same time on a real cluster, and every promise against what they saw. */
export function drillCommand(context: CommandContext): Command {
  return checkOutputFolder(addLabFlags(new Command('drill')))
    .description('log in, race, log out, ban, steal and claim on a real cluster, record it all, and judge it')
    .option('--seed <number>', 'repeats what is done and in what order (1)', wholeNumber(0, 2 ** 31))
    .option('--seconds <count>', 'how long the concurrent part of each mode takes (5)', wholeNumber(1, 600))
    .option('--out <folder>', 'where the histories go (results)')
    .option('--json', 'one line of JSON a mode instead of the tables')
    .addHelpText('after', EXAMPLES)
    .action((flags: DrillFlags) => drill(context, flags))
}

async function drill(context: CommandContext, flags: DrillFlags): Promise<void> {
  const { seed = 1, seconds = 5, out, json = false, ...labFlags } = flags
  const { colour, width, folder } = context
  const lab = resolveLab(labFlags, context)
  using progress = showProgress(context)
  const { leftOut } = await runDrills(
    {
      lab,
      seed,
      seconds,
      gated: context.environment['NODE_ENV'] === 'test',
      root: out ?? join(folder, 'results'),
    },
    ({ judgement, file }) => {
      progress.pause()
      context.print(json ? JSON.stringify(judgement) : renderJudgement(judgement, { colour, width }))
      if (!json) context.print(`  ${relative(folder, file)}\n`)
      if (judgement.verdict !== 'valid') context.exitWith(EXIT.invalid)
    },
    progress,
    context.signal,
  )
  for (const sentence of leftOut) context.note(sentence)
  if (!context.signal.aborted) return
  context.note('interrupted: what was seen until then was judged')
  context.exitWith(EXIT.interrupted)
}
