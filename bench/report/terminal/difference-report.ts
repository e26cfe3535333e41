import type { ResultComparison } from '#contract/difference.ts'
import { differenceTable } from '../table/difference-table.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'
import { wrap } from './wrap.ts'

/** Two results side by side, what may make them unlike, and what became of the demands. */
export function renderDifferences(comparison: ResultComparison, options: TerminalOptions): string {
  const sheet = createSheet(options)
  const { paint, width } = sheet
  const warnings = comparison.warnings.flatMap((text) => wrap(`! not alike: ${text}`, width, '', '  '))
  const demands = comparison.demands.map(({ text, failed, detail }) =>
    paint.tone(`${failed ? '✗' : '✓'} ${text}: ${detail}`, failed ? 'bad' : 'good'),
  )
  return stack([
    warnings.join('\n'),
    printTable(differenceTable(comparison), width, paint),
    demands.join('\n'),
  ])
}
