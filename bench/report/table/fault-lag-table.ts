import type { FaultLag, FaultLagRow, LagVerdict, NodeLag } from '#contract/lag.ts'
import { formatCount, formatPercent, NO_FIGURE, shortTime } from '../numbers.ts'
import { createFootnotes, type Footnotes } from './footnotes.ts'
import { promiseWords } from './lag-table.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'

/** A row for all nodes together, or one for each. */
export type FaultLagView = 'all-nodes' | 'each-node'

interface Line {
  readonly run: FaultLag
  readonly row: FaultLagRow
  /** Of one node, or of all. */
  readonly node: NodeLag & { readonly id?: string; readonly hit?: boolean }
  /** The first line of its row, which alone has what belongs to all nodes. */
  readonly leads: boolean
}

const VERDICTS: Readonly<Record<LagVerdict, Cell>> = {
  kept: { text: 'within', tone: 'good' },
  beyond: { text: 'BEYOND', tone: 'bad' },
  'as-declared': { text: 'declared' },
  refused: { text: 'all 503' },
  'cannot-tell': { text: 'unclear', tone: 'dim' },
  'no-promise': { text: NO_FIGURE, tone: 'dim' },
}

/** How long what was revoked around a fault was still accepted: a table a mode. */
export function faultLagTables(
  runs: readonly FaultLag[],
  view: FaultLagView = 'all-nodes',
): readonly ReportTable[] {
  const modes = [...new Set(runs.map(({ mode }) => mode))]
  return modes.map((mode, place) =>
    faultLagTable(
      runs.filter((run) => run.mode === mode),
      view,
      place === modes.length - 1,
    ),
  )
}

function faultLagTable(runs: readonly FaultLag[], view: FaultLagView, isLast: boolean): ReportTable {
  const footnotes = createFootnotes()
  const lines = runs.flatMap((run) => run.rows.flatMap((row) => linesOf(run, row, view)))
  return buildTable<Line>({
    title: titleOf(runs),
    items: lines,
    footnotes,
    groups: [
      { head: '', columns: nameColumns(lines, footnotes) },
      { head: 'revocations', columns: view === 'all-nodes' ? endColumns() : [] },
      { head: 'last accept after one', columns: lagColumns(view) },
      { head: view === 'all-nodes' ? 'answers' : '', columns: [unavailableColumn()] },
      { head: '', columns: [verdictColumn()] },
    ],
    caption: isLast ? CAPTION : [],
  })
}

const CAPTION = [
  'Told: acknowledged before the fault struck, the last of them milliseconds before, or from then on. ok: acknowledged, and watched at every node until at least two seconds after the heal. 503: nobody was told that it holds. Unsure: no whole answer came, so there is no lag. Denied: any other refusal.',
  'n: acknowledged revocations × nodes that had accepted the login. Times run from the acknowledgement to the sending of the last accepted question; 0: none was accepted. Answered: to its answer, which a paused node gives late. * marks the node that was hit.',
  '503 %: of the questions of revoked logins, those that a node would not decide. Within: no question sent later than promised was accepted. Declared: one was, where the mode’s table says that the promise does not reach. Unclear: a node had not refused at the end, or answered too late to say when it decided.',
  'Where the promise is expiry or chance, logins live for the seconds named (300 s by default).',
] as const

function titleOf(runs: readonly FaultLag[]): string {
  const lifetimes = [...new Set(runs.map(({ lifetimeS }) => lifetimeS))].join(' or ')
  const promises = runs.flatMap(({ rows }) =>
    rows.map(({ promise, boundMs, kinds }) => {
      const which = new Set(rows.map((row) => row.kinds.join())).size > 1 ? `${kinds.join(', ')}: ` : ''
      return which + promiseWords(promise, boundMs, lifetimes)
    }),
  )
  return `${runs[0]?.mode ?? ''}, around a fault. Promised: ${[...new Set(promises)].join('; ')}`
}

function linesOf(run: FaultLag, row: FaultLagRow, view: FaultLagView): Line[] {
  if (view === 'all-nodes') return [{ run, row, node: row.all, leads: true }]
  return row.nodes.map((node, place) => ({ run, row, node, leads: place === 0 }))
}

function nameColumns(lines: readonly Line[], footnotes: Footnotes): ColumnOf<Line>[] {
  const several = new Set(lines.map(({ row }) => row.kinds.join())).size > 1
  const left = (head: string, cell: (line: Line) => Cell): ColumnOf<Line> => ({
    head,
    unit: '',
    align: 'left',
    cell,
  })
  return [
    left('fault', ({ run }) => ({
      text: run.fault,
      notes: [
        ...(run.steady ? [] : [`Counts for nothing: ${run.reason ?? 'no reason given'}.`]),
        ...(run.detail === undefined ? [] : [`${run.part}: ${run.detail}.`]),
      ].map((note) => footnotes.add(note)),
    })),
    left('told', ({ row }) => ({ text: row.when })),
    left('by', ({ row: { kinds } }) => ({
      text: kinds.length === 1 ? kinds.join() : 'others',
      absent: !several,
    })),
    left('node', ({ node: { id, hit } }) => ({
      text: `${id ?? ''}${hit ? '*' : ''}`,
      absent: id === undefined,
    })),
  ]
}

function endColumns(): ColumnOf<Line>[] {
  const count = (head: string, of: (row: FaultLagRow) => number, always = true): ColumnOf<Line> => ({
    head,
    unit: '',
    align: 'right',
    cell: ({ row }) => ({ text: formatCount(of(row)), absent: !always && of(row) === 0 }),
  })
  return [
    count('ok', ({ ends }) => ends.acknowledged),
    count('503', ({ ends }) => ends.refused),
    count('unsure', ({ ends }) => ends.unsure, false),
    count('denied', ({ ends }) => ends.denied, false),
  ]
}

function lagColumns(view: FaultLagView): ColumnOf<Line>[] {
  const figure = (head: string, of: (node: NodeLag) => number): ColumnOf<Line> => ({
    head,
    unit: '',
    align: 'right',
    cell: ({ run, node }) =>
      run.steady && node.lag.count > 0 ? { text: shortTime(of(node)) } : { text: NO_FIGURE },
  })
  const times = [
    { head: 'n', unit: '', align: 'right', cell: ({ node }) => ({ text: formatCount(node.lag.count) }) },
    figure('p50', ({ lag }) => lag.p50),
    figure('p99', ({ lag }) => lag.p99),
    figure('worst', ({ lag }) => lag.max),
  ] satisfies ColumnOf<Line>[]
  return view === 'each-node' ? [...times, figure('answered', ({ answeredMaxMs }) => answeredMaxMs)] : times
}

function unavailableColumn(): ColumnOf<Line> {
  return {
    head: '503 %',
    unit: '',
    align: 'right',
    cell: ({ node: { questions, unavailable } }) => ({
      text: questions === 0 ? NO_FIGURE : formatPercent(unavailable / questions),
    }),
  }
}

function verdictColumn(): ColumnOf<Line> {
  return {
    head: 'so',
    unit: '',
    align: 'left',
    cell: ({ run, row, leads }) => {
      if (!leads) return { text: '' }
      return run.steady ? VERDICTS[row.verdict] : { text: 'void', tone: 'dim' }
    },
  }
}
