import type { MachineFinding } from '#contract/machine.ts'
import { buildTable, type Cell, type ReportTable } from './report-table.ts'

const CONDITION_CELL: Readonly<Record<MachineFinding['condition'], Cell>> = {
  ready: { text: 'ready', tone: 'good' },
  'on-demand': { text: 'on demand', tone: 'good' },
  missing: { text: 'missing', tone: 'bad' },
  unusable: { text: 'unusable', tone: 'bad' },
  scarce: { text: 'scarce' },
}

/** What this machine has of what stillin can use. A row a thing. */
export function machineTable(findings: readonly MachineFinding[]): ReportTable {
  return buildTable<MachineFinding>({
    title: 'What this machine has',
    items: findings,
    groups: [
      {
        head: '',
        columns: [
          { head: 'what', unit: '', align: 'left', cell: ({ name }) => ({ text: name }) },
          { head: 'is', unit: '', align: 'left', cell: ({ condition }) => CONDITION_CELL[condition] },
          { head: 'here', unit: '', align: 'left', wraps: true, cell: ({ here }) => ({ text: here }) },
          {
            head: 'needed for',
            unit: '',
            align: 'left',
            wraps: true,
            cell: ({ neededFor }) => ({ text: neededFor }),
          },
        ],
      },
    ],
  })
}
