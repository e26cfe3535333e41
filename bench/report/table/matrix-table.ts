import type { FailureRun, MetricName, RunResult } from '#contract/result.ts'
import { formatCount, formatFigure, NO_FIGURE } from '../numbers.ts'
import { createFootnotes } from './footnotes.ts'
import { findMetric, metricCell } from './metric-cell.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'
import { hasSeveralFaults } from './several-faults.ts'

const VOID: Cell = { text: NO_FIGURE, tone: 'dim' }

function promiseCell({ survival }: FailureRun): Cell {
  if (survival.verdict === 'unknown') return { text: 'unknown', tone: 'dim' }
  if (survival.verdict === 'valid' && survival.lost > 0 && survival.allowed !== 'never')
    return { text: 'voided', tone: 'dim' }
  return survival.verdict === 'valid' ? { text: 'kept', tone: 'good' } : { text: 'BROKEN', tone: 'bad' }
}

function lostCell({ survival }: FailureRun): Cell {
  return { text: `${formatCount(survival.lost)}/${formatCount(survival.users)}` }
}

function letInCell({ ledger }: FailureRun): Cell {
  if (ledger === undefined || ledger.loggedOut.asked === 0) return { text: NO_FIGURE }
  if (ledger.loggedOut.expected !== 'refuse') return { text: 'as declared', tone: 'dim' }
  const { accepted, asked, users } = ledger.loggedOut
  const text = `${formatCount(accepted)}/${formatCount(asked)}`
  if (accepted === 0) return { text, tone: 'good' }
  return {
    text: users === undefined ? text : `${text}, ${users.accepted} of ${users.asked} users`,
    tone: 'bad',
  }
}

function lagCell({ revocation }: FailureRun): Cell {
  const { acknowledged, unfinished, unclear, lagsMs, probes } = revocation
  if (acknowledged < probes) return { text: `${probes - acknowledged} of ${probes} not acknowledged` }
  if (unfinished > 0) return { text: 'not within the run' }
  if (unclear) return { text: 'a node was away' }
  return { text: formatFigure(Math.max(0, ...lagsMs)) }
}

/** Every fault in every mode that was tried: a row a cell. A cell that was not steady has no figures. */
export function matrixTable(result: RunResult): ReportTable {
  const footnotes = createFootnotes()
  const steady = (run: FailureRun): boolean => run.steady.before && run.steady.after
  const figure = (head: string, unit: string, cell: (run: FailureRun) => Cell): ColumnOf<FailureRun> => ({
    head,
    unit,
    align: 'right',
    cell: (run) => (steady(run) ? cell(run) : VOID),
  })
  const metric = (head: string, unit: string, name: MetricName): ColumnOf<FailureRun> =>
    figure(head, unit, (run) => metricCell(findMetric(run.metrics, name, 'failure'), footnotes))
  const mode = (run: FailureRun): Cell => {
    const reason = run.steady.reason ?? 'no reason given'
    return {
      text: `${run.fault} × ${run.mode}`,
      notes: [
        ...(run.summary === undefined ? [] : [footnotes.add(`${run.fault}: ${run.summary}`)]),
        ...(steady(run) ? [] : [footnotes.add(`Counts for nothing, since it was not steady: ${reason}`)]),
      ],
    }
  }
  return buildTable<FailureRun>({
    title: 'Every fault in every mode',
    items: hasSeveralFaults(result) ? result.failures : [],
    footnotes,
    groups: [
      {
        head: '',
        columns: [
          // One column, since it alone is repeated where the table is stacked.
          { head: 'fault × mode', unit: '', align: 'left', cell: mode },
        ],
      },
      {
        head: 'lookups',
        columns: [
          metric('available', '%', 'availability'),
          metric('failed', '', 'failedRequests'),
          metric('recover', 'ms', 'recoverMs'),
        ],
      },
      {
        head: 'logins',
        columns: [
          figure('lost', '', lostCell),
          figure('promise', '', promiseCell),
          figure('falsely out', 'users', ({ ledger }) => ({
            text: ledger === undefined ? NO_FIGURE : formatCount(ledger.falseLogouts.lasting),
          })),
          figure('not made', '', ({ ledger }) => ({
            text:
              ledger === undefined
                ? NO_FIGURE
                : `${formatCount(ledger.logins.failedDuringFault)}/${formatCount(ledger.logins.triedDuringFault)}`,
          })),
        ],
      },
      {
        head: 'after a logout',
        columns: [figure('let in', 'questions', letInCell), figure('worst lag', 'ms', lagCell)],
      },
    ],
    caption: [
      'Failed: of the lookups of the load, what the mode’s table does not announce. Recover: from the fault until a whole second went as before. Lost: accepted by some node before and by none afterwards. Falsely out: refused when they last asked after the heal, though the login lives. Voided: the healing ends every login on purpose. Not made: logins during the fault. Let in: with a credential logged out before the fault.',
    ],
  })
}
