import type { RunResult } from '#contract/result.ts'
import { ledgerTable } from '../table/ledger-table.ts'
import { matrixTable } from '../table/matrix-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** Every fault in every mode: a row a cell. Timelines and errors by kind are in the report. */
export function renderMatrix(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  const { width, paint } = sheet
  return stack([
    printValidity(result, sheet),
    printTable(matrixTable(result), width, paint),
    printTable(ledgerTable(result), width, paint),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
