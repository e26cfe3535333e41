import type { RunResult, StormRun } from '#contract/result.ts'
import { formatCount, formatFigure, NO_FIGURE } from '../../numbers.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from '../report-table.ts'

function seconds(ms: number | null | undefined): Cell {
  return ms == null ? { text: NO_FIGURE } : { text: formatFigure(ms / 1000) }
}

/** How long it takes until everybody is in again when all logins are lost at once. */
export function returnTable(result: RunResult): ReportTable {
  const column = (head: string, unit: string, cell: (storm: StormRun) => Cell): ColumnOf<StormRun> => ({
    head,
    unit,
    align: 'right',
    cell,
  })
  const storms = result.storms ?? []
  const limits = [...new Set(storms.flatMap(({ course }) => (course ? [course.limitMs / 1000] : [])))]
  return buildTable<StormRun>({
    title: 'Everybody logs in again',
    items: storms,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: (storm) => ({ text: storm.mode }) },
          {
            head: 'all logins lost by',
            unit: '',
            align: 'left',
            wraps: true,
            cell: ({ wipe }) => ({ text: wipe }),
          },
          column('users', '', ({ users }) => ({ text: formatCount(users) })),
        ],
      },
      {
        head: 'in again after',
        columns: [
          column('50 %', 's', ({ halfBackMs }) => seconds(halfBackMs)),
          column('90 %', 's', ({ course }) => seconds(course?.back90Ms)),
          column('99 %', 's', ({ course }) => seconds(course?.back99Ms)),
          column('all', 's', ({ allBackMs }) => seconds(allBackMs)),
        ],
      },
      {
        head: '',
        columns: [
          column('not in', 'users', ({ neverBack }) => ({
            text: formatCount(neverBack),
            tone: neverBack === 0 ? 'plain' : 'bad',
          })),
          column('logins', '/s', ({ course }) => ({ text: formatFigure(course?.loginsPerS ?? null) })),
        ],
      },
    ],
    caption: [
      'All users at once, each from an address of their own. Who is turned away waits for what Retry-After asks and then a time by chance, 1 s at most after the first failure, twice as much after each further one, up to 20 s.',
      `Users, load, proxy and nodes shared this machine’s cores.${limits.map((s) => ` Nobody was waited for longer than ${formatFigure(s)} s.`).join('')}`,
    ],
  })
}
