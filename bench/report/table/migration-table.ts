import type { MigrationStep } from '#contract/migration.ts'
import { formatRevocation, MODES } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'
import { formatCount, formatFigure, NO_FIGURE } from '../numbers.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'
import { revocationWords } from './revocation-words.ts'

const ALLOWED_WORDS = {
  refuse: 'all: good in their own mode only',
  accept: 'none',
  'by-chance': 'by chance',
  none: NO_FIGURE,
} as const

function seconds(ms: number | null): Cell {
  return { text: ms === null ? 'not within the watching' : formatFigure(ms / 1000) }
}

/** More or fewer logins lived on than the table of modes says. */
function lostCell({ logins: { live, lost, allowed } }: MigrationStep): Cell {
  const isAsSaid = allowed === 'by-chance' || lost === (allowed === 'refuse' ? live : 0)
  return { text: `${formatCount(lost)}/${formatCount(live)}`, tone: isAsSaid ? 'plain' : 'bad' }
}

function failedCell({ after: { failed } }: MigrationStep): Cell {
  return { text: formatCount(failed), tone: failed === 0 ? 'good' : 'bad' }
}

function cpuCell({ reLogins, loginCpuMs }: MigrationStep): Cell {
  return { text: loginCpuMs === null ? NO_FIGURE : formatFigure((reLogins.users * loginCpuMs) / 1000) }
}

/** What each step of a migration did to those who were logged in. A row a step. */
export function migrationTable(result: RunResult): ReportTable {
  const { steps = [], users = 0, everyMs = 0 } = result.migration ?? {}
  const column = (
    head: string,
    unit: string,
    cell: (step: MigrationStep) => Cell,
  ): ColumnOf<MigrationStep> => ({
    head,
    unit,
    align: 'right',
    cell,
  })
  const words = (head: string, cell: (step: MigrationStep) => string): ColumnOf<MigrationStep> => ({
    head,
    unit: '',
    align: 'left',
    wraps: true,
    cell: (step) => ({ text: cell(step) }),
  })
  return buildTable<MigrationStep>({
    title: 'Step by step',
    items: steps,
    groups: [
      {
        head: '',
        columns: [{ ...words('step', ({ from, to }) => `${from} → ${to}`), wraps: false }],
      },
      {
        head: 'switch, ms',
        columns: [
          column('took', '', ({ switchMs }) => ({ text: formatFigure(switchMs) })),
          column('slowest', 'answer', ({ slowestMs }) => ({ text: formatFigure(slowestMs) })),
        ],
      },
      {
        head: 'logins',
        columns: [
          column('lost', '', lostCell),
          words('the table allows', ({ logins }) => ALLOWED_WORDS[logins.allowed]),
        ],
      },
      {
        head: 'requests',
        columns: [
          column('refused', '', ({ after }) => ({ text: formatCount(after.refused) })),
          column('failed', '', failedCell),
        ],
      },
      {
        head: 'logged in again',
        columns: [
          column('users', '', ({ reLogins }) => ({ text: formatCount(reLogins.users) })),
          column('node CPU', 's', cpuCell),
          column('all in', 's', ({ wholeMs }) => seconds(wholeMs)),
        ],
      },
      {
        head: 'from now on, by the table',
        columns: [
          words('survives its node', ({ to }) => MODES[to].survives.replaceAll('-', ' ')),
          words('logout holds', ({ to }) => revocationWords(formatRevocation(MODES[to]))),
        ],
      },
    ],
    caption: [
      `${formatCount(users)} users, each asking once in ${formatFigure(everyMs / 1000)} s through the proxy, each time on a connection of its own; load, proxy and nodes shared this machine’s cores.`,
      'Took: from the order until every part had confirmed; slowest: of the answers that were due meanwhile, which the proxy holds back. Lost: of the logins that some node accepted before, those that none accepts afterwards. Refused: 401, and the user logs in again with the password; failed: anything else but a success. Node CPU: users × CPU of one login, measured at rest. All in: from the order until the last user was in again.',
    ],
  })
}
