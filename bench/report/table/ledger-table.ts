import type { FailureLedger, FailureRun, RunResult } from '#contract/result.ts'
import { formatCount, formatFigure, NO_FIGURE } from '../numbers.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'
import { hasSeveralFaults } from './several-faults.ts'

type Kept = FailureRun & { ledger: FailureLedger }

const NOTHING: Cell = { text: NO_FIGURE, absent: true }

function count(value: number): Cell {
  return { text: formatCount(value) }
}

/** Somebody got in who should be out, where the mode's table says that they would be refused. */
function loggedOutCell({ ledger: { loggedOut } }: Kept): Cell {
  const text = `${formatCount(loggedOut.accepted)}/${formatCount(loggedOut.asked)}`
  if (loggedOut.asked === 0) return { text: NO_FIGURE }
  if (loggedOut.expected !== 'refuse') return { text: `${text} (as declared)` }
  return { text, tone: loggedOut.accepted === 0 ? 'good' : 'bad' }
}

function forgedCell({ ledger: { forged } }: Kept): Cell {
  if (forged === null) return NOTHING
  const { acceptedForMs, acceptedAfterHealMs } = forged
  const after = acceptedAfterHealMs > 0 ? `, ${formatFigure(acceptedAfterHealMs)} after` : ', none after'
  return { text: `${formatFigure(acceptedForMs)}${after}`, tone: acceptedAfterHealMs > 0 ? 'bad' : 'plain' }
}

function cpuCell({ ledger: { reLogins } }: Kept): Cell {
  if (reLogins.cpuMsEach === null) return NOTHING
  return { text: formatFigure((reLogins.users * reLogins.cpuMsEach) / 1000) }
}

/** What people were promised beside being still in, and what they saw. A row a failure run. */
export function ledgerTable(result: RunResult): ReportTable {
  const column = (head: string, unit: string, cell: (run: Kept) => Cell): ColumnOf<Kept> => ({
    head,
    unit,
    align: 'right',
    cell,
  })
  const several = hasSeveralFaults(result)
  /** A cell of a matrix that was not steady counts for nothing; elsewhere the whole run says so. */
  const counts = (run: FailureRun): run is Kept =>
    run.ledger !== undefined && (!several || (run.steady.before && run.steady.after))
  const items = result.failures.filter(counts)
  const pins = items.some(({ ledger }) => ledger.pinsMoved !== null)
    ? ' Pins moved: answers by another node than the time before.'
    : ''
  return buildTable<Kept>({
    title: 'The ledger',
    items,
    groups: [
      {
        head: '',
        columns: [
          {
            head: several ? 'fault × mode' : 'mode',
            unit: '',
            align: 'left',
            cell: (run) => ({ text: several ? `${run.fault} × ${run.mode}` : run.mode }),
          },
          { head: 'fault', unit: '', align: 'left', cell: (run) => ({ text: run.fault, absent: several }) },
        ],
      },
      {
        head: 'during the fault',
        columns: [
          column('logins failed', '', ({ ledger: { logins } }) => ({
            text: `${formatCount(logins.failedDuringFault)}/${formatCount(logins.triedDuringFault)}`,
          })),
        ],
      },
      {
        head: 'writes',
        columns: [
          column('acknowledged', '', ({ ledger }) => count(ledger.writes.acknowledged)),
          column('lost', 'users', ({ ledger }) => count(ledger.writes.lost)),
          column('lost with login', 'users', ({ ledger }) => count(ledger.writes.lostWithLogin)),
        ],
      },
      {
        head: 'logged out falsely',
        columns: [
          column('ever', 'users', ({ ledger }) => count(ledger.falseLogouts.users)),
          column('lasting', 'users', ({ ledger }) => count(ledger.falseLogouts.lasting)),
          column('pins moved', '', ({ ledger: { pinsMoved } }) =>
            pinsMoved === null ? NOTHING : count(pinsMoved),
          ),
        ],
      },
      {
        head: 'who should be out',
        columns: [
          column('logged out, accepted', 'questions', loggedOutCell),
          column('forged admin accepted', 'ms', forgedCell),
        ],
      },
      {
        head: 'log in again',
        columns: [
          column('users', '', ({ ledger }) => count(ledger.reLogins.users)),
          column('node CPU', 's', cpuCell),
        ],
      },
    ],
    caption: [
      'Probes beside the load, through the entrance: four real logins a second, ten writes a second by twelve users, questions with credentials logged out before the fault.',
      `Logged out falsely: refused after the fault though some node still accepts the login at the end; lasting: refused when they last asked after the heal.${pins} Log in again: logins lost and lasting false logouts; CPU of one login measured at rest, times users.`,
    ],
  })
}
