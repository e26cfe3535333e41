import type { RunResult } from '#contract/result.ts'
import type { ReportTable } from '../report-table.ts'
import { costTableOfStorms } from './cost-table.ts'
import { lookupsTable } from './lookups-table.ts'
import { projectionTable } from './projection-table.ts'
import { returnTable } from './return-table.ts'

/** Everything about storms of logins; nothing where there was none. */
export function stormTables(result: RunResult): readonly ReportTable[] {
  if (!result.storms?.length) return []
  return [returnTable, costTableOfStorms, lookupsTable, projectionTable]
    .map((table) => table(result))
    .filter(({ rows }) => rows.length > 0)
}
