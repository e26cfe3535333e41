import type { FailureRun, RunResult } from '#contract/result.ts'
import { armTitle } from '../arm-title.ts'
import { formatCount } from '../numbers.ts'
import { buildTable, type Cell, type ReportTable } from './report-table.ts'

const VERDICT_CELL: Readonly<Record<FailureRun['survival']['verdict'], Cell>> = {
  valid: { text: 'kept', tone: 'good' },
  invalid: { text: 'BROKEN', tone: 'bad' },
  unknown: { text: 'unknown', tone: 'dim' },
}

/** Who is still in after the fault. A row a failure run. */
export function survivalTable(result: RunResult): ReportTable {
  const count = (pick: (run: FailureRun) => number) => (run: FailureRun) => ({ text: formatCount(pick(run)) })
  return buildTable<FailureRun>({
    title: 'Who is still in',
    items: result.failures,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: (run) => ({ text: armTitle(result, run.mode) }) },
          { head: 'fault', unit: '', align: 'left', cell: (run) => ({ text: run.fault }) },
        ],
      },
      {
        head: 'logins',
        columns: [
          { head: 'before', unit: '', align: 'right', cell: count((run) => run.survival.users) },
          { head: 'lost', unit: '', align: 'right', cell: count((run) => run.survival.lost) },
          {
            head: 'held by the',
            unit: 'dead node',
            align: 'right',
            cell: count((run) => run.survival.lostOfDeadNode),
          },
        ],
      },
      {
        head: 'promise',
        columns: [
          { head: 'survive', unit: '', align: 'left', cell: (run) => ({ text: run.survival.allowed }) },
          { head: 'verdict', unit: '', align: 'left', cell: (run) => VERDICT_CELL[run.survival.verdict] },
          {
            head: 'seen',
            unit: '',
            align: 'left',
            wraps: true,
            cell: (run) => ({ text: run.survival.detail }),
          },
        ],
      },
    ],
  })
}
