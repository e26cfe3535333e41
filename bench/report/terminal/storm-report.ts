import type { RunResult } from '#contract/result.ts'
import { stormTable } from '../table/storm-table.ts'
import { createSheet, printConditions, printValidity, stack, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'

/** How everybody came back after all logins were lost. */
export function renderStorm(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    printTable(stormTable(result), sheet.width, sheet.paint),
    printConditions(result, sheet),
  ])
}
