import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { decide } from '#bench/experiment/decide/decide.ts'
import { readResult } from '#bench/experiment/results/read-result.ts'
import { renderDecision } from '#bench/report/markdown/decision-record.ts'
import type { Decision, DecisionLimits } from '#contract/decision.ts'
import { EXIT, type ExitCode, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'
import type { CommandContext } from '../command-context.ts'
import { perSecond, time } from '../parse-options.ts'

interface DecideFlags {
  maxLogoutLag?: number
  surviveNodeLoss?: boolean
  p99?: number
  lookups?: number
  json?: boolean
  out?: string
}

const DEFAULT_RESULT = 'results/latest'
const EXAMPLES = `
Examples:
  stillin decide --max-logout-lag 1s --survive-node-loss
  stillin decide --max-logout-lag 1s --survive-node-loss --p99 20ms --lookups 5000/s
  stillin decide --p99 20ms --lookups 900/s results/A results/B --out decision.md

A mode is advised only on figures that were measured and are valid. Exit codes: ${EXIT.ok} a mode (or
several alike) can be advised, ${EXIT.regression} none can, or nobody can tell, ${EXIT.invalid} no result is valid.`

/** `stillin decide`: the modes against one's own limits, on measured evidence; a decision record in Markdown. */
export function decideCommand(context: CommandContext): Command {
  return new Command('decide')
    .description('weigh the modes against your limits on measured evidence; writes a decision record')
    .argument('[results...]', `result files, or the folders they are in (${DEFAULT_RESULT})`)
    .option('--max-logout-lag <time>', 'how long a logged-out credential may still be accepted', time)
    .option('--survive-node-loss', 'no login may be lost when a node dies')
    .option('--p99 <time>', 'how long the slowest 1 % of lookups may take, through the proxy', time)
    .option('--lookups <rate>', 'lookups a second, such as 5000/s', perSecond)
    .option('--out <file>', 'write the record there instead of printing it')
    .option('--json', 'print the decision as JSON')
    .addHelpText('after', EXAMPLES)
    .action((files: string[], flags: DecideFlags) => run(context, files, flags))
}

function run(context: CommandContext, files: readonly string[], flags: DecideFlags): void {
  const limits = limitsOf(flags)
  if (Object.keys(limits).length === 0) {
    throw new StillinError('there is no limit to decide by', {
      exitCode: EXIT.usage,
      hint: 'Name one or more: --max-logout-lag 1s, --survive-node-loss, --p99 20ms, --lookups 5000/s.',
    })
  }
  if (files.length === 0 && !existsSync(join(context.folder, DEFAULT_RESULT))) {
    throw new StillinError(`there is no ${DEFAULT_RESULT} here, so nothing was measured to decide on`, {
      exitCode: EXIT.usage,
      hint: 'Measure first with `stillin verdict` (about 3 minutes), or name a result.',
    })
  }
  const paths = files.length === 0 ? [DEFAULT_RESULT] : files
  const decision = decide(
    limits,
    paths.map((file) => ({ file, result: readResult(file) })),
  )
  const record = flags.json ? `${JSON.stringify(decision)}\n` : renderDecision(decision)
  if (flags.out === undefined) context.print(record.trimEnd())
  else {
    write(flags.out, record)
    context.print(`${decision.verdict}${decision.modes.length > 0 ? `: ${decision.modes.join(', ')}` : ''}`)
    context.print(`  ${flags.out}`)
  }
  context.exitWith(exitCodeOf(decision))
}

function limitsOf({ maxLogoutLag, surviveNodeLoss, p99, lookups }: DecideFlags): DecisionLimits {
  return {
    ...(maxLogoutLag === undefined ? {} : { maxLogoutLagMs: maxLogoutLag }),
    ...(surviveNodeLoss ? { surviveNodeLoss } : {}),
    ...(p99 === undefined ? {} : { p99Ms: p99 }),
    ...(lookups === undefined ? {} : { lookupsPerS: lookups }),
  }
}

function exitCodeOf({ verdict, sources }: Decision): ExitCode {
  if (sources.every(({ usable }) => !usable)) return EXIT.invalid
  return verdict === 'chosen' || verdict === 'tied' ? EXIT.ok : EXIT.regression
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw new StillinError(`--out: ${file} cannot be written: ${fileProblem(cause)}`, {
      exitCode: EXIT.usage,
      cause,
    })
  }
}
