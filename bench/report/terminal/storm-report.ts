import type { RunResult } from '#contract/result.ts'
import { stormTables } from '../table/storm/storm-tables.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** How everybody came back after all logins were lost. */
export function renderStorm(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    ...stormTables(result).map((table) => printTable(table, sheet.width, sheet.paint)),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
