import type { RunResult, SelfCheck } from '#contract/result.ts'
import { buildTable, type ReportTable } from './report-table.ts'

const VOIDS: Readonly<Record<SelfCheck['voids'], string>> = {
  run: 'the whole run',
  latency: 'latency',
  nothing: 'nothing',
}

/** The harness's checks of itself, the failed ones first. */
export function checkTable(result: RunResult): ReportTable {
  return buildTable<SelfCheck>({
    title: 'The harness checks itself',
    items: [...result.checks].sort((a, b) => Number(a.ok) - Number(b.ok)),
    groups: [
      {
        head: '',
        columns: [
          {
            head: 'passed',
            unit: '',
            align: 'left',
            cell: ({ ok }) => (ok ? { text: 'yes', tone: 'good' } : { text: 'NO', tone: 'bad' }),
          },
          { head: 'check', unit: '', align: 'left', cell: ({ name }) => ({ text: name }) },
          { head: 'mode', unit: '', align: 'left', cell: ({ arm }) => ({ text: arm ?? 'all' }) },
          { head: 'seen', unit: '', align: 'left', wraps: true, cell: ({ detail }) => ({ text: detail }) },
          { head: 'a failure', unit: 'voids', align: 'left', cell: ({ voids }) => ({ text: VOIDS[voids] }) },
        ],
      },
    ],
  })
}
