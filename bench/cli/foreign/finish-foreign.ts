import { join, relative } from 'node:path'
import { type WrittenRequest, writeForeign } from '#bench/experiment/foreign/write-foreign.ts'
import type { TerminalOptions } from '#bench/report/terminal/frame.ts'
import type { ForeignBench, ForeignFailure } from '#contract/foreign.ts'
import type { CommandContext } from '../command-context.ts'
import type { OutputFlags } from '../finish.ts'

/** Leaves the files, and prints the tables or the result itself. */
export function finishForeign<Result extends ForeignBench | ForeignFailure>(
  context: CommandContext,
  result: Result,
  requests: readonly WrittenRequest[],
  render: (result: Result, options: TerminalOptions) => string,
  { json, out }: OutputFlags,
): void {
  const files = writeForeign(out ?? join(context.folder, 'results'), result, requests)
  const places = files.map((file) => `  ${relative(context.folder, file)}`).join('\n')
  context.print(json ? JSON.stringify(result) : `${render(result, context)}\n${places}`)
}

/** `stillin chaos --cluster attach:FILE --fault kill-node`: what runs it again. */
export function foreignCommand(
  name: string,
  flags: Readonly<Record<string, string | number | undefined>>,
): string {
  const words = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, String(value)],
  )
  return ['stillin', name, ...words].join(' ')
}
