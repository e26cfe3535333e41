import type { Comparison, RunResult } from '#contract/result.ts'
import { formatEstimate, formatProbability } from '../numbers.ts'
import { formatRatio } from './cost-table.ts'
import { METRIC_WORDS } from './metric-words.ts'
import { pointHead } from './point-words.ts'
import { buildTable, type ReportTable } from './report-table.ts'

/** Every comparison that the run made, with what its claim rests on. */
export function comparisonTable(result: RunResult): ReportTable {
  const floors = result.noise.map(
    ({ metric, point, ratio, interval }) =>
      `The baseline against itself, ${METRIC_WORDS[metric]}, ${pointHead(result, point)}: ${formatEstimate(ratio, interval)}.`,
  )
  return buildTable<Comparison>({
    title: 'What differs from what',
    items: result.comparisons,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: ({ arm }) => ({ text: arm }) },
          { head: 'against', unit: '', align: 'left', cell: ({ against }) => ({ text: against }) },
          { head: 'figure', unit: '', align: 'left', cell: ({ metric }) => ({ text: METRIC_WORDS[metric] }) },
          {
            head: 'point',
            unit: '',
            align: 'left',
            cell: ({ point }) => ({ text: pointHead(result, point) }),
          },
          { head: 'ratio', unit: '95 %', align: 'right', cell: (c) => ({ text: formatRatio(c) }) },
          { head: 'p', unit: '', align: 'right', cell: ({ p }) => ({ text: formatProbability(p) }) },
          {
            head: 'p',
            unit: 'Holm',
            align: 'right',
            cell: ({ pHolm }) => ({ text: formatProbability(pHolm) }),
          },
          { head: 'rounds', unit: '', align: 'right', cell: ({ n }) => ({ text: String(n) }) },
        ],
      },
    ],
    caption: [
      'Hodges–Lehmann estimate of the paired log ratios with its exact signed-rank interval. ~: not claimed.',
      ...floors,
    ],
  })
}
