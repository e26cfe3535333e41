import type { ResultComparison, ResultDifference, SpeedRatio } from '#contract/difference.ts'
import { formatEstimate, formatFigure, NO_FIGURE } from '../numbers.ts'
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
          { head: 'B ÷ A', unit: '95 %', align: 'right', cell: (one) => ({ text: estimate(one) }) },
          {
            head: 'at one speed',
            unit: '95 %',
            align: 'right',
            cell: (one) => ({ text: speedRatio(one) }),
          },
        ],
      },
    ],
    caption: [
      `A is ${comparison.a.id}, B is ${comparison.b.id}. CPU in µs, times in ms.`,
      'Hodges–Lehmann shift of the logarithms over rounds, with its exact rank-sum interval; rounds of different runs are not paired.',
      `At one speed: each round’s figure over what the load generator spent on a request of its baseline, which is the machine’s and not the program’s. ${speedText(comparison)}`,
      '~: no difference is claimed, since not both intervals leave out 1 on the same side, or a ratio is within 5 % or within what either run could not tell apart in itself; in fewer than six rounds, or where the baseline’s latency is void, nobody knows what that is. Where the baseline differs, so does whatever all modes have in common.',
    ],
  })
}

function speedRatio({ atOneSpeed, claimed }: ResultDifference): string {
  const text = atOneSpeed ? estimate(atOneSpeed) : NO_FIGURE
  return claimed ? text : `~ ${text}`
}

function estimate({ ratio, interval }: SpeedRatio): string {
  return interval === null ? formatFigure(ratio) : formatEstimate(ratio, interval)
}

function speedText({ slower }: ResultComparison): string {
  return slower === null ? 'Unknown here.' : `It was × ${estimate(slower)} as slow in B as in A.`
}
