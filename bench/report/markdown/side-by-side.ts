import type { RunResult } from '#contract/result.ts'
import { APART } from '../story/apart.ts'
import { environmentTable } from '../table/environment-table.ts'
import { markdownTable } from './markdown-table.ts'
import { renderSummary } from './summary.ts'

/** Several runs in one document, one after the other, their environments beside each other. */
export function renderSummaries(results: readonly RunResult[]): string {
  const each = results.map((result) => renderSummary(result).replace(/^#/gm, '##').trimEnd())
  return `${[
    `# ${results.length} runs side by side`,
    `> ${APART}`,
    markdownTable(environmentTable(results)),
    ...each,
  ].join('\n\n')}\n`
}
