import type { ForeignFailure } from '#contract/foreign.ts'
import { FOREIGN_WORDS } from '../foreign-words.ts'
import { formatPercent, formatTime, NO_FIGURE } from '../numbers.ts'
import { buildTable } from '../table/report-table.ts'
import { count, printOutcomes, printTail, text } from './foreign-parts.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'
import { printTimeline } from './timeline.ts'

/** Who is still in, what the requests met, and the timeline. */
export function renderForeignFailure(run: ForeignFailure, options: TerminalOptions): string {
  const sheet = createSheet(options)
  const { width, paint } = sheet
  const survivors = buildTable<ForeignFailure>({
    title: `${run.fault} of ${run.part}: ${run.service}`,
    items: [run],
    groups: [
      {
        head: 'logins',
        columns: [
          count('before', ({ survival }) => survival.users),
          count('lost', ({ survival }) => survival.lost),
          count('only there', ({ survival }) => survival.lostOfDeadNode),
          count('unclear', ({ survival }) => survival.unclear),
        ],
      },
      {
        head: 'requests',
        columns: [
          text('in', ({ availability }) => `${formatPercent(availability)} %`),
          count('failed', ({ failed }) => failed.count),
          text('recovered', ({ recoverMs }) => (recoverMs === null ? NO_FIGURE : formatTime(recoverMs))),
        ],
      },
    ],
    caption: [
      `Open loop of ${run.ratePerS} lookups a second. Before: logins that ${run.surveyed === 'nodes' ? 'a node' : 'the entrance'} accepted; only there: lost, and known to ${run.part} alone; unclear: afterwards accepted nowhere, and not refused everywhere. Failed: after the fault, neither in nor out. Recovered: until a whole second went as before the fault; ${NO_FIGURE}: not within the run, as where lost logins stay refused.`,
    ],
  })
  return stack([
    printTable(survivors, width, paint),
    printOutcomes(run.outcomes, sheet),
    printTimeline({ ...run, mode: run.service }, width, paint, FOREIGN_WORDS),
    printTail(run, sheet),
  ])
}
