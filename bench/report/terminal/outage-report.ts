import type { RunResult } from '#contract/result.ts'
import { outageTable } from '../table/outage-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** What outages of Redis let in, and a sentence a policy. */
export function renderOutages(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    printTable(outageTable(result), sheet.width, sheet.paint),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
