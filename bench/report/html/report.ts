import type { RunResult } from '#contract/result.ts'
import { chartsOf } from '../charts/charts-of.ts'
import { escapeHtml } from '../escape-html.ts'
import { type Condition, conditionsOf, environmentOf } from '../story/conditions.ts'
import { questionOf } from '../story/question.ts'
import { validityOf } from '../story/validity.ts'
import { checkTable } from '../table/check-table.ts'
import { comparisonTable } from '../table/comparison-table.ts'
import { costTable } from '../table/cost-table.ts'
import { errorTable } from '../table/error-table.ts'
import { failureTable } from '../table/failure-table.ts'
import { lossTable } from '../table/loss-table.ts'
import { proxyTable } from '../table/proxy-table.ts'
import type { ReportTable } from '../table/report-table.ts'
import { revocationTable } from '../table/revocation-table.ts'
import { survivalTable } from '../table/survival-table.ts'
import { figure } from './figure.ts'
import { htmlTable } from './html-table.ts'
import { page } from './page.ts'

function list(items: readonly string[], kind: string): string {
  if (items.length === 0) return ''
  return `<ul class="${kind}">${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
}

function terms(conditions: readonly Condition[]): string {
  const pairs = conditions.map(
    ({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  )
  return `<dl>${pairs.join('\n')}</dl>`
}

/** The question, whether the figures may be used, the answer in sentences, and the machine it is true of. */
function header(result: RunResult): string {
  const { usable, headline, reasons } = validityOf(result)
  const sound = reasons.length === 0 ? 'sound' : 'doubtful'
  const standing = usable ? sound : 'unusable'
  return `<p class="kind">stillin ${escapeHtml(result.kind)}</p>
<h1>${escapeHtml(questionOf(result))}</h1>
<div class="validity ${standing}"${usable ? '' : ' role="alert"'}><p>${escapeHtml(headline)}</p>${list(reasons, 'reasons')}</div>
${list(result.sentences, usable ? 'sentences' : 'sentences dim')}
${terms(conditionsOf(result))}`
}

/** Tables under a heading of their own; each is left out where the run has no rows for it. */
function tables(titled: readonly ReportTable[]): string {
  return titled
    .map((table) => ({ table, markup: htmlTable(table, { caption: false }) }))
    .filter(({ markup }) => markup !== '')
    .map(({ table, markup }) => `<h3>${escapeHtml(table.title)}</h3>\n${markup}`)
    .join('\n')
}

/**
 * The run as one HTML file: no network, no script, light and dark, for a desk, a phone and paper. Charts are drawn
 * here, so it takes some hundred milliseconds.
 */
export function renderHtml(result: RunResult): string {
  const charts = chartsOf(result).map(figure).join('\n')
  const again = `<p>Seed ${result.seed}, run ${escapeHtml(result.id)}:</p><pre tabindex="0"><code>${escapeHtml(result.command)}</code></pre>`
  return page(`stillin: ${questionOf(result)}`, header(result), [
    {
      id: 'table',
      heading: 'The figures',
      body: tables([costTable(result), lossTable(result), proxyTable(result)]),
    },
    { id: 'charts', heading: 'The pictures', body: charts },
    {
      id: 'failures',
      heading: 'Crashes and logouts',
      body: tables([failureTable, survivalTable, errorTable, revocationTable].map((table) => table(result))),
    },
    { id: 'comparisons', heading: 'What the claims rest on', body: tables([comparisonTable(result)]) },
    { id: 'checks', heading: 'Self-checks', body: htmlTable(checkTable(result), { caption: false }) },
    { id: 'left-out', heading: 'What was left out', body: list(result.leftOut, 'left-out') },
    { id: 'environment', heading: 'Where it ran', body: terms(environmentOf(result)) },
    { id: 'again', heading: 'Run it again', body: again },
  ])
}
