import { MODES } from '#contract/modes.ts'
import type { Accepted, OutageLedger } from '#contract/outage.ts'
import type { FailureRun, RunResult } from '#contract/result.ts'
import { formatCount, formatFigure, formatPercent, NO_FIGURE, shortTime } from '../numbers.ts'
import { createFootnotes } from './footnotes.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'

type OutageRun = FailureRun & { outage: OutageLedger }

/** The states of Redis, in a word or three. */
const STATES: Readonly<Partial<Record<FailureRun['fault'], string>>> = {
  'kill-redis': 'killed',
  'pause-redis': 'paused',
  'silent-redis': 'silent',
  'slow-redis': 'slow',
  'cut-redis-from-one-node': 'cut from one',
  'full-redis': 'full',
  'evicting-redis': 'evicting',
}

/** What each state of Redis lets in and keeps out under each policy. */
export function outageTable(result: RunResult): ReportTable {
  const footnotes = createFootnotes()
  const column = (head: string, unit: string, cell: (run: OutageRun) => Cell): ColumnOf<OutageRun> => ({
    head,
    unit,
    align: 'right',
    cell: (run) => (isSteady(run) ? cell(run) : { text: NO_FIGURE, tone: 'dim' }),
  })
  const name = (run: OutageRun): Cell => ({
    text: `${run.outage.policy ?? run.mode} × ${STATES[run.fault] ?? run.fault}`,
    notes: isSteady(run)
      ? []
      : [
          footnotes.add(
            `Counts for nothing, since it was not steady: ${run.steady.reason ?? 'no reason given'}`,
          ),
        ],
  })
  return buildTable<OutageRun>({
    title: 'Redis away: what is answered, and who gets in',
    items: outagesOf(result),
    footnotes,
    groups: [
      { head: '', columns: [{ head: 'policy × Redis', unit: '', align: 'left', cell: name }] },
      {
        head: 'lookups',
        columns: [
          column('ok', '%', ({ outage: { lookups } }) => share(lookups.ok, lookups.asked)),
          column('else', '%', ({ outage: { lookups } }) => {
            const other = lookups.asked - lookups.ok - lookups.unavailable
            return { ...share(other, lookups.asked), absent: other === 0 }
          }),
          column('max', 'ms', ({ outage: { lookups } }) => ({ text: formatFigure(lookups.slowestMs) })),
        ],
      },
      {
        head: 'let in',
        columns: [
          column('revoked', '', (run) => letIn(run.outage.revoked.during, isPromised(run))),
          column('forged', '', (run) => letIn(run.outage.forged.during, true)),
          column('after', '', ({ outage, ...run }) =>
            letIn(plus(outage.revoked.after, outage.forged.after), isPromised(run)),
          ),
        ],
      },
      {
        head: 'made',
        columns: [
          column('logins', '', ({ outage: { logins } }) => of(logins.made, logins.tried)),
          column('logouts', '', ({ outage: { logouts } }) => of(logouts.acknowledged, logouts.tried)),
        ],
      },
      {
        head: 'once back',
        columns: [
          column('right', '', ({ outage: { backMs } }) => ({
            text: backMs === null ? 'never' : shortTime(backMs),
          })),
          column('wrong', '', ({ outage: { lastWrongMs } }) => ({ text: shortTime(lastWrongMs) })),
        ],
      },
    ],
    caption: [
      'Counted is what was begun while the fault was in force; after: when it had been healed. ok: of the lookups of the load; the others were answered 503, but for "else". Max: the slowest answer, whatever it was, from its sending.',
      'Revoked: questions with logins that every node had seen, logged out in the last half second before the fault or later, and shown to no node in between; a logout counts once acknowledged, for longer than the mode’s bound. Forged: a signature that was tampered with. After: both.',
      'Once back: from the end of the healing until the node that was last to do so had answered right, and until the last request was sent that failed, or let somebody in who should be out (0: none did).',
    ],
  })
}

/** The runs that asked what an outage lets in. */
export function outagesOf({ failures }: Pick<RunResult, 'failures'>): OutageRun[] {
  return failures.filter((run): run is OutageRun => run.outage !== undefined)
}

function isSteady({ steady }: FailureRun): boolean {
  return steady.before && steady.after
}

function isPromised({ mode }: Pick<FailureRun, 'mode'>): boolean {
  return MODES[mode].expected.lookup['logged-out'] === 'refuse'
}

function share(part: number, whole: number): Cell {
  return { text: whole === 0 ? NO_FIGURE : formatPercent(part / whole) }
}

function of(part: number, whole: number): Cell {
  return { text: whole === 0 ? NO_FIGURE : `${formatCount(part)}/${formatCount(whole)}` }
}

function plus(one: Accepted, other: Accepted): Accepted {
  return { asked: one.asked + other.asked, accepted: one.accepted + other.accepted }
}

function letIn({ asked, accepted }: Accepted, isWrong: boolean): Cell {
  if (asked === 0) return { text: NO_FIGURE }
  const text = `${formatCount(accepted)}/${formatCount(asked)}`
  if (!isWrong) return { text, tone: 'dim' }
  return { text, tone: accepted === 0 ? 'good' : 'bad' }
}
