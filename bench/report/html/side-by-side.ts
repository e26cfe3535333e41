import type { RunResult } from '#contract/result.ts'
import { chartsOf } from '../charts/charts-of.ts'
import { escapeHtml } from '../escape-html.ts'
import { APART } from '../story/apart.ts'
import { notMeasured } from '../story/not-measured.ts'
import { questionOf } from '../story/question.ts'
import { costTable } from '../table/cost-table.ts'
import { environmentTable } from '../table/environment-table.ts'
import { failureTable } from '../table/failure-table.ts'
import { lossTable } from '../table/loss-table.ts'
import { proxyTable } from '../table/proxy-table.ts'
import { revocationTable } from '../table/revocation-table.ts'
import { survivalTable } from '../table/survival-table.ts'
import { figure } from './figure.ts'
import { htmlTable } from './html-table.ts'
import { page } from './page.ts'
import { again, list, tables, validity } from './parts.ts'

/** One column a run, each under its name; where nobody has anything to show, the section is left out. */
function columns(results: readonly RunResult[], body: (result: RunResult, at: number) => string): string {
  const bodies = results.map(body)
  if (bodies.every((text) => text.trim() === '')) return ''
  const runs = bodies.map((text, at) => {
    const { kind = '', id = '' } = results[at] ?? {}
    const shown = text.trim() === '' ? '<p class="note">This run has none.</p>' : text
    return `<div class="run"><h3>${escapeHtml(`${kind} ${id}`)}</h3>\n${shown}</div>`
  })
  return `<div class="columns">${runs.join('\n')}</div>`
}

/** Several runs on one page, section by section, without a word that ranks one against another. */
export function renderSideBySide(results: readonly RunResult[]): string {
  const questions = [...new Set(results.map(questionOf))]
  const pictures = (result: RunResult, at: number) =>
    chartsOf(result)
      .map((chart) => figure({ ...chart, id: `run-${at + 1}-${chart.id}` }, { columnOf: result.id }))
      .join('\n')
  const losses = [failureTable, survivalTable, revocationTable]
  return page(
    `stillin: ${results.length} runs side by side`,
    `<p class="kind">stillin, ${results.length} runs side by side</p>
<h1>${escapeHtml(questions.join(' '))}</h1>
<div class="validity doubtful"><p>${escapeHtml(APART).replace(/`([^`]*)`/g, '<code>$1</code>')}</p></div>`,
    [
      {
        id: 'answers',
        heading: 'The answers',
        body: columns(
          results,
          (result) =>
            `${validity(result)}\n${list(result.sentences, result.valid ? 'sentences' : 'sentences dim')}`,
        ),
      },
      {
        id: 'environment',
        heading: 'Where each ran',
        body: htmlTable(environmentTable(results), { caption: false }),
      },
      {
        id: 'table',
        heading: 'The figures',
        body: columns(results, (result) =>
          tables([costTable(result), lossTable(result), proxyTable(result)], result.id),
        ),
      },
      { id: 'charts', heading: 'The pictures', body: columns(results, pictures) },
      {
        id: 'failures',
        heading: 'Crashes and logouts',
        body: columns(results, (result) =>
          tables(
            losses.map((table) => table(result)),
            result.id,
          ),
        ),
      },
      {
        id: 'not-measured',
        heading: 'What was not measured',
        body: columns(results, (result) => list(notMeasured(result), 'left-out')),
      },
      { id: 'again', heading: 'Run them again', body: columns(results, again) },
    ],
  )
}
