import type { RunResult } from '#contract/result.ts'
import { sweepTable } from '../table/sweep-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** What each mode costs at each value, a row a value, and where the order of two modes turns. */
export function renderSweep(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    result.sweep ? printTable(sweepTable(result, result.sweep), sheet.width, sheet.paint) : '',
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
