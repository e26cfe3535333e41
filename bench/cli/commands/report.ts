import { Command } from 'commander'
import { readResult } from '#bench/experiment/read-result.ts'
import type { RunResult } from '#contract/result.ts'
import type { CommandContext } from '../command-context.ts'
import { oneOf } from '../parse-options.ts'

const FORMATS = ['text', 'md', 'html'] as const
type Format = (typeof FORMATS)[number]

const EXAMPLES = `
Examples:
  stillin report results/latest
  stillin report results/latest --format html > report.html`

/** `stillin report FILE`: any result, formatted again. */
export function reportCommand(context: CommandContext): Command {
  return new Command('report')
    .description('format a result again: text, Markdown or HTML')
    .argument('<file>', 'a result.json, or the folder it is in')
    .option('--format <name>', `${FORMATS.join(', ')} (text)`, oneOf(FORMATS))
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { format = 'text' }: { format?: Format }) =>
      context.print((await render(readResult(file), format, context)).trimEnd()),
    )
}

async function render(result: RunResult, format: Format, { colour, width }: CommandContext): Promise<string> {
  if (format === 'html') return (await import('#bench/report/html/report.ts')).renderHtml(result)
  if (format === 'md') return (await import('#bench/report/markdown/summary.ts')).renderSummary(result)
  if (result.kind === 'bench')
    return (await import('#bench/report/terminal/bench-table.ts')).renderBench(result, { colour, width })
  if (result.kind === 'chaos')
    return (await import('#bench/report/terminal/chaos-report.ts')).renderChaos(result, { colour, width })
  return (await import('#bench/report/terminal/verdict-table.ts')).renderVerdict(result, { colour, width })
}
