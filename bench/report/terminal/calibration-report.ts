import type { RunResult } from '#contract/result.ts'
import { calibrationTable } from '../table/calibration-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** What this machine told apart, a row a planted slowdown. */
export function renderCalibration(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    result.calibration ? printTable(calibrationTable(result.calibration), sheet.width, sheet.paint) : '',
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
