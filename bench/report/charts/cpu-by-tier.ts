import type { ArmResult, MetricName, Point, RunResult } from '#contract/result.ts'
import { armTitle } from '../arm-title.ts'
import { formatFigure } from '../numbers.ts'
import { requestWord } from '../story/load-words.ts'
import { armNotes } from '../table/arm-notes.ts'
import { armsInOrder } from '../table/cost-table.ts'
import { createFootnotes } from '../table/footnotes.ts'
import { findMetric, metricCell } from '../table/metric-cell.ts'
import { pointHead, pointSentence } from '../table/point-words.ts'
import { buildTable, type ReportTable } from '../table/report-table.ts'
import { canvas, FONT_PX, figureAxis, nameAxis, nameRoomPx } from './axis.ts'
import type { Chart } from './chart.ts'
import { TIER_COLOURS } from './palette.ts'

const TIERS = [
  { tier: 'proxy', name: 'proxyCpuUs' },
  { tier: 'node', name: 'nodeCpuUs' },
  { tier: 'store', name: 'storeCpuUs' },
] as const satisfies readonly { tier: keyof typeof TIER_COLOURS; name: MetricName }[]

/** A bar shorter than this part of the longest has no room for its figure. */
const LABEL_FROM = 0.09

function usableValue(arm: ArmResult, name: MetricName, point: Point): number | null {
  const metric = findMetric(arm.metrics, name, point)
  return metric?.valid ? metric.value : null
}

function dataTable(result: RunResult, point: Point, title: string): ReportTable {
  const footnotes = createFootnotes()
  return buildTable<ArmResult>({
    title,
    items: armsInOrder(result),
    footnotes,
    groups: [
      {
        head: '',
        columns: [
          {
            head: 'mode',
            unit: '',
            align: 'left',
            cell: (arm) => ({
              text: armTitle(result, arm.arm),
              notes: armNotes(result, arm, point).map(footnotes.add),
            }),
          },
        ],
      },
      {
        head: pointHead(result, point),
        columns: TIERS.map(({ tier, name }) => ({
          head: tier,
          unit: `CPU µs per accepted ${requestWord(result.configuration, point)}`,
          align: 'right',
          cell: (arm) => metricCell(findMetric(arm.metrics, name, point), footnotes),
        })),
      },
    ],
  })
}

/** CPU per accepted lookup, stacked by tier, a bar an arm; undefined where the run has no such figures. */
export function cpuByTier(result: RunResult, point: 'saturated' | 'equal-rate'): Chart | undefined {
  const arms = armsInOrder(result)
  const tiers = TIERS.map((each) => ({
    ...each,
    values: arms.map((arm) => usableValue(arm, each.name, point)),
  }))
  const present = tiers.filter(({ values }) => values.some((value) => value !== null && value > 0))
  if (present.length === 0) return undefined
  const longest = Math.max(...present.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const word = requestWord(result.configuration, point)
  const title = `CPU time of a ${word}, by tier (${pointHead(result, point)})`
  return {
    id: `cpu-by-tier-${point}`,
    title,
    reading: `Shorter is cheaper. Each colour is the CPU time that one tier spends on one accepted ${word}. ${[pointSentence(result, point), ...arms.flatMap((arm) => armNotes(result, arm, point))].join(' ')}`,
    description: arms
      .map(({ arm }, at) => {
        const parts = present.map(({ tier, values }) => `${tier} ${formatFigure(values[at] ?? null)} µs`)
        return `${arm}: ${parts.join(', ')}.`
      })
      .join(' '),
    data: dataTable(result, point, title),
    height: () => 90 + arms.length * 34,
    option: (frame) => ({
      ...canvas(frame),
      grid: { left: nameRoomPx(arms.map(({ arm }) => arm)), right: 16, top: 30, bottom: 44 },
      xAxis: figureAxis(`CPU µs per accepted ${word}`),
      yAxis: nameAxis(arms.map(({ arm }) => arm)),
      series: present.map(({ tier, values }) => ({
        type: 'bar',
        name: tier,
        stack: 'tiers',
        barWidth: 20,
        itemStyle: { color: TIER_COLOURS[tier].fill },
        label: { color: TIER_COLOURS[tier].text, fontSize: FONT_PX },
        data: values.map((value) => ({
          value: value ?? 0,
          label: {
            show: value !== null && value >= longest * LABEL_FROM * (frame.narrow ? 2 : 1),
            formatter: formatFigure(value),
          },
        })),
      })),
    }),
  }
}
