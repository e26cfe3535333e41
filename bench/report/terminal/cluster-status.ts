import type { ClusterState } from '#contract/control.ts'
import { linkWords } from '#contract/links.ts'
import { partTable } from '../table/part-table.ts'
import { createSheet, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'

/** What was changed since it began, and would not be guessed from the table. */
function changed({ renewal, links = [] }: ClusterState): readonly string[] {
  const home = renewal?.refresh === undefined ? '' : `, refresh tokens ${renewal.refresh}`
  return [
    ...(renewal === undefined ? [] : [`renewal: ${renewal.renewal}${home}`]),
    ...links
      .map(({ from, to, condition }) => ({ way: `${from} → ${to}`, words: linkWords(condition) }))
      .filter(({ words }) => words !== 'healthy')
      .map(({ way, words }) => `${way}: ${words}`),
  ]
}

/** A running cluster at this moment. */
export function renderStatus(state: ClusterState, options: TerminalOptions): string {
  const { paint, width } = createSheet(options)
  return [printTable(partTable(state), width, paint), ...changed(state).map((line) => `  ${line}`)].join('\n')
}
