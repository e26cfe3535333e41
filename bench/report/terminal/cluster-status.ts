import type { ClusterState } from '#contract/control.ts'
import { partTable } from '../table/part-table.ts'
import { createSheet, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'

/** A running cluster at this moment. */
export function renderStatus(state: ClusterState, options: TerminalOptions): string {
  const { paint, width } = createSheet(options)
  return printTable(partTable(state), width, paint)
}
