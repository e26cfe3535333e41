import type { RunResult } from '#contract/result.ts'
import { chartsOf } from '../charts/charts-of.ts'
import { escapeHtml } from '../escape-html.ts'
import { conditionsOf, environmentOf } from '../story/conditions.ts'
import { modeNames } from '../story/mode-names.ts'
import { notMeasured } from '../story/not-measured.ts'
import { questionOf } from '../story/question.ts'
import { calibrationTable } from '../table/calibration-table.ts'
import { checkTable } from '../table/check-table.ts'
import { comparisonTable } from '../table/comparison-table.ts'
import { costTable } from '../table/cost-table.ts'
import { errorTable } from '../table/error-table.ts'
import { failureTable } from '../table/failure-table.ts'
import { lagTables } from '../table/lag-tables.ts'
import { ledgerTable } from '../table/ledger-table.ts'
import { lossTable } from '../table/loss-table.ts'
import { matrixTable } from '../table/matrix-table.ts'
import { migrationTable } from '../table/migration-table.ts'
import { outagesOf, outageTable } from '../table/outage-table.ts'
import { proxyTable } from '../table/proxy-table.ts'
import { renewalTables } from '../table/renewal-tables.ts'
import { revocationTable } from '../table/revocation-table.ts'
import { sizeCheckTable } from '../table/size-check-table.ts'
import { stormTables } from '../table/storm/storm-tables.ts'
import { survivalTable } from '../table/survival-table.ts'
import { sweepTable } from '../table/sweep-table.ts'
import { figure } from './figure.ts'
import { htmlTable } from './html-table.ts'
import { page } from './page.ts'
import { again, list, tables, terms, validity } from './parts.ts'

const FAILURE_TABLES = [
  migrationTable,
  matrixTable,
  failureTable,
  survivalTable,
  ledgerTable,
  errorTable,
  revocationTable,
]

/** What the modes in the sentences are; nothing where the run compares none. */
function names(result: RunResult): string {
  const modes = modeNames(result)
  return modes.length === 0 ? '' : `<p class="names">The names stand for</p>\n${terms(modes)}`
}

/** Failed ones stand at the top already, by their reasons. */
function checks(result: RunResult): string {
  if (result.checks.length === 0) return ''
  const passed = result.checks.filter(({ ok }) => ok).length
  const table = htmlTable(checkTable(result), { caption: false })
  return `<details><summary>${passed} of ${result.checks.length} passed: all of them, with what each saw</summary>\n${table}\n</details>`
}

/** The question, the answer in sentences, and the machine it is true of; an unusable run says so before anything else. */
function header(result: RunResult): string {
  const standing = validity(result)
  return `<p class="kind">stillin ${escapeHtml(result.kind)}</p>
<h1>${escapeHtml(questionOf(result))}</h1>
${result.valid ? '' : standing}
${list(result.sentences, result.valid ? 'sentences' : 'sentences dim')}
${names(result)}
${terms(conditionsOf(result))}
${result.valid ? standing : ''}`
}

/**
 * The run as one HTML file: no network, no script, light and dark, for a desk, a phone and paper. Charts are drawn
 * here, so it takes some hundred milliseconds.
 */
export function renderHtml(result: RunResult): string {
  const charts = chartsOf(result)
    .map((chart) => figure(chart))
    .join('\n')
  return page(`stillin: ${questionOf(result)}`, header(result), [
    {
      id: 'table',
      heading: 'The figures',
      body: tables([
        ...(result.calibration ? [calibrationTable(result.calibration)] : []),
        ...(result.sizeCheck ? [sizeCheckTable(result.sizeCheck)] : []),
        ...(result.lags ? lagTables(result.lags) : []),
        ...(result.sweep ? [sweepTable(result, result.sweep)] : []),
        costTable(result),
        ...renewalTables(result),
        lossTable(result),
        proxyTable(result),
      ]),
    },
    { id: 'charts', heading: 'The pictures', body: charts },
    {
      id: 'failures',
      heading: 'Crashes and logouts',
      body: tables(
        outagesOf(result).length > 0
          ? [outageTable(result)]
          : [...stormTables(result), ...FAILURE_TABLES.map((table) => table(result))],
      ),
    },
    { id: 'comparisons', heading: 'What the claims rest on', body: tables([comparisonTable(result)]) },
    { id: 'checks', heading: 'Self-checks', body: checks(result) },
    { id: 'not-measured', heading: 'What was not measured', body: list(notMeasured(result), 'left-out') },
    { id: 'environment', heading: 'Where it ran', body: terms(environmentOf(result)) },
    { id: 'again', heading: 'Run it again', body: again(result) },
  ])
}
