import type { Sizing } from '#contract/sizing.ts'
import { sizingTable } from '../table/sizing-table.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'
import { wrap } from './wrap.ts'

/** What each mode is projected to need, and which modes are not projected. */
export function renderSizing(sizing: Sizing, options: TerminalOptions): string {
  const { paint, width } = createSheet(options)
  const leftOut = sizing.leftOut.flatMap((text) => wrap(`Not projected: ${text}`, width, '  ', '    '))
  return stack([printTable(sizingTable(sizing), width, paint), leftOut.join('\n')])
}
