import type { RunResult } from '#contract/result.ts'
import { proxyTable } from '../table/proxy-table.ts'
import {
  createSheet,
  printConditions,
  printSentences,
  printValidity,
  stack,
  type TerminalOptions,
} from './frame.ts'
import { printTable } from './text-table.ts'

/** Proxies side by side, a row a proxy. */
export function renderProxies(result: RunResult, options: TerminalOptions): string {
  const sheet = createSheet(options)
  return stack([
    printValidity(result, sheet),
    printTable(proxyTable(result), sheet.width, sheet.paint),
    printSentences(result, sheet),
    printConditions(result, sheet),
  ])
}
