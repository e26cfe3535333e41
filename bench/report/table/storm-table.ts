import type { RunResult, StormRun } from '#contract/result.ts'
import { formatCount, formatFigure, NO_FIGURE } from '../numbers.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'

/** For whom, and on how many cores, it is projected. */
export const PROJECTED_USERS = 10_000
const PROJECTED_CORES = [4, 16, 64] as const

function seconds(ms: number | null): Cell {
  return { text: ms === null ? NO_FIGURE : formatFigure(ms / 1000) }
}

/** Seconds of nothing but the CPU of logins on so many cores; null where it was not measured. */
export function projectedS({ nodeCpuMsEach }: StormRun, users: number, cores: number): number | null {
  return nodeCpuMsEach === null ? null : (users * nodeCpuMsEach) / cores / 1000
}

/** How long it takes until everybody is in again when all logins are lost at once: measured, and projected. */
export function stormTable(result: RunResult): ReportTable {
  const column = (head: string, unit: string, cell: (storm: StormRun) => Cell): ColumnOf<StormRun> => ({
    head,
    unit,
    align: 'right',
    cell,
  })
  return buildTable<StormRun>({
    title: 'Everybody logs in again',
    items: result.storms ?? [],
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
        ],
      },
      {
        head: 'measured',
        columns: [
          column('users', '', ({ users }) => ({ text: formatCount(users) })),
          column('half back', 's', ({ halfBackMs }) => seconds(halfBackMs)),
          column('all back', 's', ({ allBackMs }) => seconds(allBackMs)),
          column('failed tries', '', ({ loginsFailed }) => ({ text: formatCount(loginsFailed) })),
          column('a login', 'node CPU ms', ({ nodeCpuMsEach }) => ({
            text: nodeCpuMsEach === null ? NO_FIGURE : formatFigure(nodeCpuMsEach),
          })),
          column('cores used', 'by nodes', ({ nodeCoresUsed }) => ({ text: formatFigure(nodeCoresUsed) })),
        ],
      },
      {
        head: `projected, ${formatCount(PROJECTED_USERS)} users`,
        columns: PROJECTED_CORES.map((cores) =>
          column(`${cores} cores`, 's', (storm) => {
            const projected = projectedS(storm, PROJECTED_USERS, cores)
            return { text: projected === null ? NO_FIGURE : formatFigure(projected) }
          }),
        ),
      },
    ],
    caption: [
      'Measured: all users at once, each from an address of their own, trying again 0.1 to 0.3 s after a failure; load, proxy and nodes shared this machine’s cores.',
      'Projected: users × node CPU of a login ÷ cores, as if the nodes had these cores to themselves and used them fully. No network, proxy or store is in it, so it is the least that it can take.',
    ],
  })
}
