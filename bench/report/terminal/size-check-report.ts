import type { RunResult } from '#contract/result.ts'
import { sizeCheckTable } from '../table/size-check-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** What was projected beside what was measured, a row a load. */
export function renderSizeCheck(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    result.sizeCheck ? printTable(sizeCheckTable(result.sizeCheck), sheet.width, sheet.paint) : '',
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
