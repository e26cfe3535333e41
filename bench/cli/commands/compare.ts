import { Command } from 'commander'
import { compareResults } from '#bench/experiment/results/compare-results.ts'
import { judgeDemand, type ParsedDemand, parseDemand } from '#bench/experiment/results/judge-demand.ts'
import { readResult } from '#bench/experiment/results/read-result.ts'
import { renderDifferences } from '#bench/report/terminal/difference-report.ts'
import { EXIT } from '#contract/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { repeated } from '../parse-options.ts'

interface CompareFlags {
  failIf?: readonly ParsedDemand[]
  force?: boolean
  json?: boolean
}

const EXAMPLES = `
Examples:
  stillin compare results/before results/latest
  stillin compare A.json B.json --fail-if "redis.cpu > +10%" --fail-if "jwt.throughput < -10%"

A demand fails only on a difference that is claimed; then the exit code is ${EXIT.regression}.`

/** `stillin compare A B`: two results, with intervals, and demands for CI. */
export function compareCommand(context: CommandContext): Command {
  return new Command('compare')
    .description('put two results side by side: differences with intervals; fail on demand')
    .argument('<A>', 'a result.json, or the folder it is in')
    .argument('<B>', 'another')
    .option(
      '--fail-if <demand>',
      'such as "redis.cpu > +10%"; may be given several times',
      repeated(parseDemand),
    )
    .option('--force', 'even where the two are not alike')
    .option('--json', 'print the comparison instead of the table')
    .addHelpText('after', EXAMPLES)
    .action((a: string, b: string, flags: CompareFlags) => compare(context, a, b, flags))
}

function compare(context: CommandContext, pathA: string, pathB: string, flags: CompareFlags): void {
  const [a, b] = [readResult(pathA), readResult(pathB)]
  if (a.id === b.id) context.note('A and B are one and the same run: nothing can differ')
  const { differences, slower, warnings } = compareResults(a, b, flags.force)
  const demands = (flags.failIf ?? []).map((demand) => judgeDemand(demand, differences))
  const comparison = {
    a: { id: a.id, command: a.command },
    b: { id: b.id, command: b.command },
    differences,
    slower,
    warnings,
    demands,
  }
  const { colour, width } = context
  context.print(flags.json ? JSON.stringify(comparison) : renderDifferences(comparison, { colour, width }))
  if (demands.some(({ failed }) => failed)) context.exitWith(EXIT.regression)
}
