import type { RunResult } from '#contract/result.ts'
import { conditionsOf } from '../story/conditions.ts'
import { questionOf } from '../story/question.ts'
import { validityOf } from '../story/validity.ts'
import { calibrationTable } from '../table/calibration-table.ts'
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
import { hasSeveralFaults } from '../table/several-faults.ts'
import { sizeCheckTable } from '../table/size-check-table.ts'
import { stormTables } from '../table/storm/storm-tables.ts'
import { sweepTable } from '../table/sweep-table.ts'
import { codeSpan, escapeMarkdown } from './escape-markdown.ts'
import { markdownTable } from './markdown-table.ts'

const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n')

/** The tables this kind of run can fill. */
function tablesOf(result: RunResult) {
  if (result.proxies) return [proxyTable(result)]
  if (result.calibration) return [calibrationTable(result.calibration)]
  if (result.sizeCheck) return [sizeCheckTable(result.sizeCheck)]
  if (result.lags) return lagTables(result.lags)
  if (result.sweep) return [sweepTable(result, result.sweep)]
  const costs = result.arms.length === 0 ? [] : [costTable(result), ...renewalTables(result)]
  if (result.storms) return stormTables(result)
  if (result.migration) return [migrationTable(result)]
  if (result.failures.length === 0) return costs
  if (outagesOf(result).length > 0) return [outageTable(result)]
  if (hasSeveralFaults(result)) return [...costs, matrixTable(result), ledgerTable(result)]
  return [
    ...costs,
    lossTable(result),
    failureTable(result),
    ledgerTable(result),
    errorTable(result),
    revocationTable(result),
  ]
}

/** The run as Markdown, to paste where people discuss: validity, sentences, tables, conditions, how to run it again. */
export function renderSummary(result: RunResult): string {
  const { usable, headline, reasons } = validityOf(result)
  const parts = [
    `# ${escapeMarkdown(questionOf(result))}`,
    usable ? escapeMarkdown(headline) : `> **${escapeMarkdown(headline)}**`,
    bullets(reasons.map(escapeMarkdown)),
    usable || result.sentences.length === 0 ? '' : '**What the figures would say if the run were valid:**',
    bullets(result.sentences.map(escapeMarkdown)),
    ...tablesOf(result).map(markdownTable),
    result.leftOut.length === 0 ? '' : `## Left out\n\n${bullets(result.leftOut.map(escapeMarkdown))}`,
    `## Conditions\n\n${bullets(conditionsOf(result).map(({ name, value }) => `${name}: ${escapeMarkdown(value)}`))}`,
    `## Run it again\n\n${codeSpan(result.command)}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}
