import type { RunResult } from '#contract/result.ts'
import { costTable } from '../table/cost-table.ts'
import { renewalTables } from '../table/renewal-tables.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** What each mode costs, a row a mode. */
export function renderBench(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    printTable(costTable(result), sheet.width, sheet.paint),
    ...renewalTables(result).map((table) => printTable(table, sheet.width, sheet.paint)),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
