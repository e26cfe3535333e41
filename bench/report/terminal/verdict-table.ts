import type { RunResult } from '#contract/result.ts'
import { costTable } from '../table/cost-table.ts'
import { lossTable } from '../table/loss-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** What each mode costs and what it loses, a row a mode, with the sentences and conditions that belong to it. */
export function renderVerdict(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    result.arms.length === 0 ? '' : printTable(costTable(result), sheet.width, sheet.paint),
    result.failures.length === 0 ? '' : printTable(lossTable(result), sheet.width, sheet.paint),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
