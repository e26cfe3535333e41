import type { RunResult } from '#contract/result.ts'
import { migrationTable } from '../table/migration-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** What each step of a migration did to those who were logged in. */
export function renderMigration(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    printTable(migrationTable(result), sheet.width, sheet.paint),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
