import type { MetricName, RenewalEvidence, RunResult } from '#contract/result.ts'
import { restNotes } from './arm-notes.ts'
import { createFootnotes } from './footnotes.ts'
import { findMetric, metricCell } from './metric-cell.ts'
import { buildTable, type ReportTable } from './report-table.ts'

type Refreshes = RenewalEvidence['refreshes'][number]

/** What one refresh costs, by mode and by where the refresh token is remembered. */
export function refreshTable(result: RunResult): ReportTable {
  const footnotes = createFootnotes()
  const figure = (head: string, unit: string, name: MetricName) => ({
    head,
    unit,
    align: 'right' as const,
    cell: (arm: Refreshes) => metricCell(findMetric(arm.metrics, name, 'saturated'), footnotes),
  })
  const { connections, rounds } = result.configuration
  return buildTable<Refreshes>({
    title: 'What a refresh costs',
    items: result.renewals?.refreshes ?? [],
    footnotes,
    groups: [
      {
        head: '',
        columns: [
          {
            head: 'mode',
            unit: '',
            align: 'left',
            cell: ({ mode, metrics }) => ({ text: mode, notes: restNotes(metrics).map(footnotes.add) }),
          },
          { head: 'refresh', unit: 'token', align: 'left', cell: ({ refresh }) => ({ text: refresh }) },
        ],
      },
      {
        head: 'saturated',
        columns: [
          figure('rate', '/s', 'throughputPerS'),
          figure('node', 'µs', 'nodeCpuUs'),
          figure('store', 'µs', 'storeCpuUs'),
          figure('store', 'commands', 'storeCommands'),
          figure('up', 'B', 'bytesUp'),
          figure('down', 'B', 'bytesDown'),
          figure('set-cookie', 'lines', 'setCookies'),
        ],
      },
    ],
    caption: [
      `Closed loop at one node, ${connections} connections, each with a login of its own that does nothing but refresh, with the token that the last refresh handed out: the middle of ${rounds} rounds. A user refreshes once in a credential's lifetime, not on every request.`,
      'µs: CPU time of that tier per refresh; the user directory (SQLite) is asked by each and counts as the node. The store is Redis; its own commands on behalf of scripts are counted too.',
    ],
  })
}
