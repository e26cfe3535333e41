import type { RunResult } from '#contract/result.ts'
import { errorTable } from '../table/error-table.ts'
import { failureTable } from '../table/failure-table.ts'
import { ledgerTable } from '../table/ledger-table.ts'
import { revocationTable } from '../table/revocation-table.ts'
import { survivalTable } from '../table/survival-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { renderMigration } from './migration-report.ts'
import { renderStorm } from './storm-report.ts'
import { printTable } from './text-table.ts'
import { printTimeline } from './timeline.ts'

/** How each mode went through the fault: figures, errors by kind, logouts, and a timeline a run. */
export function renderChaos(result: RunResult, options: TerminalOptions): string {
  if (result.storms) return renderStorm(result, options)
  if (result.migration) return renderMigration(result, options)
  const sheet = createSheet(options)
  const { width, paint } = sheet
  const tables = [failureTable, survivalTable, ledgerTable, errorTable, revocationTable].map((table) =>
    table(result),
  )
  return stack([
    printValidity(result, sheet),
    // An early Ctrl-C leaves tables without a row, and nothing to explain.
    ...tables.filter(({ rows }) => rows.length > 0).map((table) => printTable(table, width, paint)),
    ...result.failures.map((run) => printTimeline(run, width, paint)),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
