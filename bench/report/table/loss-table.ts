import type { RunResult } from '#contract/result.ts'
import { formatFigure, NO_FIGURE } from '../numbers.ts'
import { failureCell, failuresByMode, loginsLostCell, type ModeFailures } from './failure-metric.ts'
import { createFootnotes } from './footnotes.ts'
import { findMetric, metricCell } from './metric-cell.ts'
import { pointHead, pointSentence } from './point-words.ts'
import { buildTable, type Cell, type ReportTable } from './report-table.ts'
import { byWorstLogout, logoutTakesHold } from './revocation-words.ts'

/** `kill-node` → `kill-node at 300/s`: the head under which figures of the failure point stand. */
function failureHead(result: RunResult): string {
  const run = result.failures[0]
  return run === undefined ? pointHead(result, 'failure') : `${run.fault}, ${formatFigure(run.ratePerS)}/s`
}

function takesHoldCell(failures: ModeFailures): Cell {
  const run = failures.runs.toSorted(byWorstLogout)[0]
  return run === undefined ? { text: NO_FIGURE, absent: true } : { text: logoutTakesHold(run) }
}

/** What a mode loses: people when a node dies, requests, and the power to end a login. A row a mode. */
export function lossTable(result: RunResult): ReportTable {
  const footnotes = createFootnotes()
  const refused = (failures: ModeFailures) => {
    const arm = result.arms.find((each) => each.arm === failures.mode)
    return metricCell(findMetric(arm?.metrics ?? [], 'refusedShare', 'equal-rate'), footnotes)
  }
  return buildTable<ModeFailures>({
    title: 'What it loses',
    items: failuresByMode(result),
    footnotes,
    groups: [
      {
        head: '',
        columns: [{ head: 'mode', unit: '', align: 'left', cell: ({ mode }) => ({ text: mode }) }],
      },
      {
        head: pointHead(result, 'equal-rate'),
        columns: [{ head: 'refused, no fault', unit: '% of lookups', align: 'right', cell: refused }],
      },
      {
        head: failureHead(result),
        columns: [
          { head: 'logins lost', unit: '%', align: 'right', cell: (m) => loginsLostCell(m, footnotes) },
          {
            head: 'failed',
            unit: 'requests',
            align: 'right',
            cell: (m) => failureCell(m, 'failedRequests', footnotes),
          },
        ],
      },
      {
        head: 'logout',
        columns: [
          { head: 'takes hold', unit: '(worst seen)', align: 'left', wraps: true, cell: takesHoldCell },
        ],
      },
    ],
    caption: [
      pointSentence(result, 'failure'),
      'Logins lost: of the logins that some node accepted before the fault, those that no node accepted afterwards.',
    ],
  })
}
