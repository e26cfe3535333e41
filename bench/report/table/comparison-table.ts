import type { ArmName } from '#contract/modes.ts'
import type { Comparison, MetricName, Point, RunResult } from '#contract/result.ts'
import { formatEstimate, formatProbability } from '../numbers.ts'
import { requestWord } from '../story/load-words.ts'
import { armNotes } from './arm-notes.ts'
import { formatRatio } from './cost-table.ts'
import { createFootnotes } from './footnotes.ts'
import { METRIC_WORDS } from './metric-words.ts'
import { pointHead } from './point-words.ts'
import { buildTable, type ReportTable } from './report-table.ts'

/** CPU is of accepted requests alone: what a mode refuses is in the cost of what it accepts. */
function figureWords({ configuration }: RunResult, metric: MetricName, point: Point): string {
  const words = METRIC_WORDS[metric]
  return metric.endsWith('CpuUs') ? `${words} per accepted ${requestWord(configuration, point)}` : words
}

/** Every comparison that the run made, with what its claim rests on. */
export function comparisonTable(result: RunResult): ReportTable {
  const floors = result.noise.map(
    ({ metric, point, ratio, interval }) =>
      `The baseline against itself, ${METRIC_WORDS[metric]}, ${pointHead(result, point)}: ${formatEstimate(ratio, interval)}.`,
  )
  const footnotes = createFootnotes()
  const armCell = (name: ArmName, point: Point) => {
    const arm = result.arms.find((one) => one.arm === name)
    return { text: name, notes: arm ? armNotes(result, arm, point).map(footnotes.add) : [] }
  }
  return buildTable<Comparison>({
    title: 'What differs from what',
    items: result.comparisons,
    footnotes,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: ({ arm, point }) => armCell(arm, point) },
          { head: 'against', unit: '', align: 'left', cell: ({ against, point }) => armCell(against, point) },
          {
            head: 'figure',
            unit: '',
            align: 'left',
            cell: ({ metric, point }) => ({ text: figureWords(result, metric, point) }),
          },
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
