import type { RunResult } from '#contract/result.ts'
import type { FaultLagView } from '../table/fault-lag-table.ts'
import { lagTables } from '../table/lag-tables.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** How long what was revoked was still accepted. */
export function renderLags(result: RunResult, options: TerminalOptions, view?: FaultLagView): string {
  const sheet = createSheet(options)
  const tables = result.lags ? lagTables(result.lags, view) : []
  return stack([
    printValidity(result, sheet),
    ...tables.map((table) => printTable(table, sheet.width, sheet.paint)),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
