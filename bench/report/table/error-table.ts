import { OUTCOMES, type Outcome } from '#contract/outcomes.ts'
import type { FailureRun, RunResult } from '#contract/result.ts'
import { armTitle } from '../arm-title.ts'
import { formatCount } from '../numbers.ts'
import { OUTCOME_WORDS } from '../outcome-words.ts'
import { buildTable, type Cell, type ReportTable } from './report-table.ts'
import { hasSeveralFaults } from './several-faults.ts'

/** Outcomes that occurred in at least one failure run, in the contract's order. */
export function outcomesSeen(runs: readonly Pick<FailureRun, 'outcomes'>[]): readonly Outcome[] {
  return OUTCOMES.filter((outcome) => runs.some((run) => run.outcomes[outcome] > 0))
}

function countCell(run: FailureRun, outcome: Outcome): Cell {
  const count = run.outcomes[outcome]
  return { text: formatCount(count), tone: count === 0 ? 'dim' : 'plain' }
}

/** What became of every request of the failure runs: a row a run, a column an outcome that occurred. */
export function errorTable(result: RunResult): ReportTable {
  const several = hasSeveralFaults(result)
  const faultCell = (run: FailureRun) => ({ text: run.fault, absent: !several })
  return buildTable<FailureRun>({
    title: 'What became of the requests',
    items: result.failures,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: (run) => ({ text: armTitle(result, run.mode) }) },
          { head: 'fault', unit: '', align: 'left', cell: faultCell },
        ],
      },
      {
        head: 'requests',
        columns: outcomesSeen(result.failures).map((outcome) => ({
          head: OUTCOME_WORDS[outcome].head,
          unit: OUTCOME_WORDS[outcome].unit,
          align: 'right',
          cell: (run) => countCell(run, outcome),
        })),
      },
    ],
  })
}
