import type { RunResult, StormRun } from '#contract/result.ts'
import { formatCount, formatFigure, formatPercent, NO_FIGURE } from '../../numbers.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from '../report-table.ts'

const seconds = (ms: number | null | undefined): Cell => ({
  text: ms == null ? NO_FIGURE : formatFigure(ms / 1000),
})

/** What a storm is projected to take: for this machine, beside what was measured; and for other sizes. */
export function projectionTable(result: RunResult): ReportTable {
  const storms = (result.storms ?? []).filter(({ course }) => course !== undefined)
  const column = (head: string, unit: string, cell: (storm: StormRun) => Cell): ColumnOf<StormRun> => ({
    head,
    unit,
    align: 'right',
    cell,
  })
  const sizes = storms[0]?.course?.projected ?? []
  return buildTable<StormRun>({
    title: 'Projected, and how wrong that was here',
    items: storms,
    groups: [
      {
        head: '',
        columns: [{ head: 'mode', unit: '', align: 'left', cell: ({ mode }) => ({ text: mode }) }],
      },
      {
        head: 'this machine, all in again',
        columns: [
          column('users', '', ({ users }) => ({ text: formatCount(users) })),
          column('from', 'users', ({ course }) => fromCell(course?.projection)),
          column('projected', 's', ({ course }) => seconds(course?.projection?.allBackMs)),
          column('measured', 's', ({ allBackMs }) => seconds(allBackMs)),
          column('off by', '%', ({ course }) => signedPercent(course?.projection?.error)),
        ],
      },
      {
        head: 'projected only',
        columns: sizes.map(({ users, cores }, index) =>
          column(formatCount(users), `${formatCount(cores)} cores, s`, ({ course }) =>
            seconds(course?.projected[index]?.allBackMs),
          ),
        ),
      },
    ],
    caption: [
      'Projected: users × node CPU of a login ÷ cores, as if the nodes had these cores to themselves and used them fully. No network, proxy or store is in it, nobody is turned away, and nobody waits between two tries: it is the least that it can take.',
    ],
  })
}

function fromCell(projection: { fromUsers: number } | null | undefined): Cell {
  return { text: projection ? formatCount(projection.fromUsers) : NO_FIGURE }
}

function signedPercent(share: number | null | undefined): Cell {
  if (share == null) return { text: NO_FIGURE }
  return { text: `${share < 0 ? '−' : '+'}${formatPercent(Math.abs(share))}` }
}
