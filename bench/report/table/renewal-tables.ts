import type { RunResult } from '#contract/result.ts'
import { refreshTable } from './refresh-table.ts'
import { comparesRenewals, renewalTable } from './renewal-table.ts'
import type { ReportTable } from './report-table.ts'

/** What the run found out about renewing logins; nothing where it did not look. */
export function renewalTables(result: RunResult): ReportTable[] {
  return [
    ...(comparesRenewals(result) ? [renewalTable(result)] : []),
    ...(result.renewals ? [refreshTable(result)] : []),
  ]
}
