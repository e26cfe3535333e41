import { join } from 'node:path'
import { writeResult } from '#bench/experiment/result-file.ts'
import type { TerminalOptions } from '#bench/report/terminal/frame.ts'
import { EXIT } from '#contract/errors.ts'
import type { RunResult } from '#contract/result.ts'
import type { CommandContext } from './command-context.ts'

export interface OutputFlags {
  json?: boolean | undefined
  out?: string | undefined
}

/** Leaves the files, prints the table (or the result itself), and lets an invalid run end with its exit code. */
export function finish(
  context: CommandContext,
  result: RunResult,
  render: (result: RunResult, options: TerminalOptions) => string,
  flags: OutputFlags,
): void {
  const paths = writeResult(flags.out ?? join(context.folder, 'results'), result)
  if (flags.json) context.print(JSON.stringify(result))
  else {
    context.print(render(result, { colour: context.colour, width: context.width }))
    context.print(`\n  ${paths.result}\n  ${paths.summary}\n  ${paths.report}`)
  }
  if (result.interrupted) context.exitWith(EXIT.interrupted)
  else if (!result.valid) context.exitWith(EXIT.invalid)
}
