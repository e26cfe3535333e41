import { join, relative } from 'node:path'
import { writeResult } from '#bench/experiment/results/result-file.ts'
import type { TerminalOptions } from '#bench/report/terminal/frame.ts'
import { EXIT } from '#contract/errors.ts'
import type { HistoryLine } from '#contract/history.ts'
import type { RunResult } from '#contract/result.ts'
import type { CommandContext } from './command-context.ts'

export interface OutputFlags {
  json?: boolean | undefined
  out?: string | undefined
}

/** Leaves the files, prints the table (or the result itself), and lets an invalid run end with its exit code. */
export async function finish(
  context: CommandContext,
  { result, history }: { result: RunResult; history: readonly HistoryLine[] },
  render: (result: RunResult, options: TerminalOptions) => string,
  flags: OutputFlags,
): Promise<void> {
  const paths = await writeResult(flags.out ?? join(context.folder, 'results'), result, history)
  if (flags.json) context.print(JSON.stringify(result))
  else {
    context.print(render(result, { colour: context.colour, width: context.width }))
    const files = [paths.result, paths.summary, paths.report, paths.history].filter(
      (file) => file !== undefined,
    )
    context.print(`\n${files.map((file) => `  ${relative(context.folder, file)}`).join('\n')}`)
  }
  if (result.interrupted) context.exitWith(EXIT.interrupted)
  else if (!result.valid) context.exitWith(EXIT.invalid)
}
