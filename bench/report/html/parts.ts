import type { RunResult } from '#contract/result.ts'
import { escapeHtml } from '../escape-html.ts'
import type { Condition } from '../story/conditions.ts'
import { validityOf } from '../story/validity.ts'
import type { ReportTable } from '../table/report-table.ts'
import { htmlTable } from './html-table.ts'

/** Nothing where there are no items. */
export function list(items: readonly string[], kind: string): string {
  if (items.length === 0) return ''
  return `<ul class="${kind}">${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
}

export function terms(conditions: readonly Condition[]): string {
  const pairs = conditions.map(
    ({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  )
  return `<dl>${pairs.join('\n')}</dl>`
}

/** Tables under a heading of their own, in the column of a run or not; each is left out where the run has no rows for it. */
export function tables(titled: readonly ReportTable[], columnOf?: string): string {
  const heading = columnOf === undefined ? 'h3' : 'h4'
  return titled
    .map((table) => ({
      table,
      markup: htmlTable(table, { caption: false, ...(columnOf && { of: columnOf }) }),
    }))
    .filter(({ markup }) => markup !== '')
    .map(({ table, markup }) => `<${heading}>${escapeHtml(table.title)}</${heading}>\n${markup}`)
    .join('\n')
}

/** Whether the figures may be used, and every reason for doubt; shouted where they may not. */
export function validity(result: RunResult): string {
  const { usable, headline, reasons } = validityOf(result)
  const sound = reasons.length === 0 && result.checks.length > 0 ? 'sound' : 'doubtful'
  return `<div class="validity ${usable ? sound : 'unusable'}"${usable ? '' : ' role="alert"'}><p>${escapeHtml(headline)}</p>${list(reasons, 'reasons')}</div>`
}

/** How to get this run again. */
export function again(result: RunResult): string {
  return `<p>Seed ${result.seed}, run ${escapeHtml(result.id)}:</p><pre tabindex="0"><code>${escapeHtml(result.command)}</code></pre>`
}
