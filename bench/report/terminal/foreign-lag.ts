import type { ForeignLag } from '#contract/foreign.ts'
import { formatTime, NO_FIGURE } from '../numbers.ts'
import { buildTable } from '../table/report-table.ts'
import { count, leftOutLines, text } from './foreign-parts.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'
import { wrap } from './wrap.ts'

/** How long the old credential was accepted, a row a node. */
export function renderForeignLag(lag: ForeignLag, options: TerminalOptions): string {
  const { width, paint } = createSheet(options)
  type Row = ForeignLag['nodes'][number]
  const worst = ({ lagsMs }: Row): string =>
    lagsMs.length === 0 ? NO_FIGURE : formatTime(Math.max(...lagsMs))
  const table = buildTable<Row>({
    title: `From a logout’s acknowledgement to the last accept: ${lag.service}`,
    items: lag.nodes,
    groups: [
      {
        head: '',
        columns: [
          text('asked', ({ id }) => id),
          count('n', ({ lagsMs }) => lagsMs.length),
          text('longest', worst),
          count('not refused', ({ open }) => open),
        ],
      },
    ],
    caption: [
      `n: acknowledged logouts of logins that were accepted there until then (${lag.acknowledged} of ${lag.asked} acknowledged). Longest: to the sending of the last question that was accepted; 0 ms: none was. Not refused: still accepted, or without a clear answer, when the watching ended after ${formatTime(lag.watchedMs)}.`,
      lag.gapP99Ms === null
        ? ''
        : `Between two questions to one place: p99 ${formatTime(lag.gapP99Ms)}; a shorter lag cannot be seen.`,
    ].filter((line) => line !== ''),
  })
  return stack([
    printTable(table, width, paint),
    [...wrap(lag.sentence, width, '  '), ...leftOutLines(lag.leftOut, width).map(paint.dim)].join('\n'),
  ])
}
