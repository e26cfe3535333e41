import type { MetricName, RunResult } from '#contract/result.ts'
import { armTitle } from '../arm-title.ts'
import { failureCell, failuresByMode, loginsLostCell, type ModeFailures } from './failure-metric.ts'
import { createFootnotes } from './footnotes.ts'
import { pointSentence } from './point-words.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'

/** A run on shaky ground says so: a system that was not steady before cannot be said to have recovered. */
function steadyNotes({ runs }: ModeFailures): string[] {
  return runs.flatMap(({ steady, mode }) => {
    if (steady.before && steady.after) return []
    const when = steady.before ? 'after the heal' : 'before the fault'
    return [`${mode} was not steady ${when}${steady.reason === undefined ? '' : `: ${steady.reason}`}`]
  })
}

/** How each mode went through the fault: a row a mode. */
export function failureTable(result: RunResult): ReportTable {
  const footnotes = createFootnotes()
  const figure = (head: string, unit: string, name: MetricName): ColumnOf<ModeFailures> => ({
    head,
    unit,
    align: 'right',
    cell: (failures) => failureCell(failures, name, footnotes),
  })
  const mode = (failures: ModeFailures): Cell => ({
    text: armTitle(result, failures.mode),
    notes: steadyNotes(failures).map((note) => footnotes.add(note)),
  })
  return buildTable<ModeFailures>({
    title: 'Through the fault',
    items: failuresByMode(result),
    footnotes,
    groups: [
      { head: '', columns: [{ head: 'mode', unit: '', align: 'left', cell: mode }] },
      {
        head: 'requests',
        columns: [
          figure('available', '%', 'availability'),
          figure('failed', '', 'failedRequests'),
          figure('lost', 'request-s', 'lostRequestSeconds'),
        ],
      },
      {
        head: 'time to',
        columns: [figure('detect', 'ms', 'detectMs'), figure('recover', 'ms', 'recoverMs')],
      },
      {
        head: 'logins',
        columns: [{ head: 'lost', unit: '%', align: 'right', cell: (m) => loginsLostCell(m, footnotes) }],
      },
    ],
    caption: [
      pointSentence(result, 'failure'),
      'Available: accepted, of all intended; a refusal that the mode announces is none of the failures, but no access either. Detect: until the proxy marked the node down. Recover: until a whole second went as before the fault.',
    ],
  })
}
