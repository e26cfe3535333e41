import type { LagEvidence } from '#contract/lag.ts'
import { type FaultLagView, faultLagTables } from './fault-lag-table.ts'
import { lagTable } from './lag-table.ts'
import type { ReportTable } from './report-table.ts'

/** How long what was revoked was still accepted: without faults, and around them. */
export function lagTables({ plain, underFault }: LagEvidence, view?: FaultLagView): readonly ReportTable[] {
  return [...(plain.length > 0 ? [lagTable(plain)] : []), ...faultLagTables(underFault, view)]
}
