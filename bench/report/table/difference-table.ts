import type { ResultComparison, ResultDifference } from '#contract/difference.ts'
import { formatEstimate, formatFigure } from '../numbers.ts'
import { METRIC_WORDS } from './metric-words.ts'
import { buildTable, type ReportTable } from './report-table.ts'

const POINTS = { saturated: 'saturated', 'equal-rate': 'equal rate', failure: 'under failure' } as const

/** Two results, figure by figure. */
export function differenceTable(comparison: ResultComparison): ReportTable {
  return buildTable<ResultDifference>({
    title: 'What differs',
    items: comparison.differences,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: ({ arm }) => ({ text: arm }) },
          {
            head: 'figure',
            unit: '',
            align: 'left',
            cell: ({ metric, point }) => ({ text: `${METRIC_WORDS[metric]}, ${POINTS[point]}` }),
          },
          { head: 'A', unit: '', align: 'right', cell: ({ a }) => ({ text: formatFigure(a) }) },
          { head: 'B', unit: '', align: 'right', cell: ({ b }) => ({ text: formatFigure(b) }) },
          { head: 'B ÷ A', unit: '95 %', align: 'right', cell: (one) => ({ text: ratioText(one) }) },
        ],
      },
    ],
    caption: [
      `A is ${comparison.a.id}, B is ${comparison.b.id}. CPU in µs, times in ms.`,
      'Hodges–Lehmann shift of the logarithms over rounds, with its exact rank-sum interval. ~: no difference is claimed.',
      'Rounds of different runs are not paired: what drifted on the machine in between is in the ratio.',
    ],
  })
}

function ratioText({ ratio, interval, claimed }: ResultDifference): string {
  const text = interval === null ? formatFigure(ratio) : formatEstimate(ratio, interval)
  return claimed ? text : `~ ${text}`
}
