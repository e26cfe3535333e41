import type { ArmResult, Comparison, MetricName, Point, RunResult } from '#contract/result.ts'
import { isServer } from '#contract/stores.ts'
import { armTitle } from '../arm-title.ts'
import { formatEstimate, formatInterval, NO_FIGURE } from '../numbers.ts'
import { armNotes } from './arm-notes.ts'
import { createFootnotes, type Footnotes } from './footnotes.ts'
import { findMetric, metricCell } from './metric-cell.ts'
import { pointHead, pointSentence } from './point-words.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from './report-table.ts'

/** The baseline first, then the modes in the order they were asked for. */
export function armsInOrder(result: RunResult): readonly ArmResult[] {
  return [...result.arms].sort((a, b) => Number(b.arm === 'baseline') - Number(a.arm === 'baseline'))
}

/** A ratio to the baseline with its interval; `~` in place of the estimate where no difference is claimed. */
export function formatRatio(comparison: Comparison): string {
  const { ratio, interval, claimed } = comparison
  return claimed ? formatEstimate(ratio, interval) : `~ ${formatInterval(ratio, interval)}`
}

function ratioCell(arm: ArmResult, result: RunResult): Cell {
  if (arm.arm === 'baseline') return { text: '1', tone: 'dim', absent: true }
  const comparison = result.comparisons.find(
    (c) =>
      c.arm === arm.arm && c.against === 'baseline' && c.metric === 'nodeCpuUs' && c.point === 'saturated',
  )
  if (comparison === undefined) return { text: NO_FIGURE, tone: 'dim', absent: true }
  return { text: formatRatio(comparison), tone: comparison.claimed ? 'plain' : 'dim' }
}

/** What must be known of a mode's figures stands at its name. */
function modeCell(result: RunResult, arm: ArmResult, footnotes: Footnotes): Cell {
  const text = armTitle(result, arm.arm)
  const { store = 'redis' } = result.configuration
  const notes =
    text === arm.arm || isServer(store)
      ? []
      : [footnotes.add(`${text}: this store has no process of its own; what it costs is in the node.`)]
  const marks = (['equal-rate', 'saturated'] as const).flatMap((point) => armNotes(result, arm, point))
  return { text, notes: [...notes, ...marks.map(footnotes.add)] }
}

function metricColumn(
  head: string,
  unit: string,
  name: MetricName,
  point: Point,
  footnotes: Footnotes,
): ColumnOf<ArmResult> {
  const cell = (arm: ArmResult) => metricCell(findMetric(arm.metrics, name, point), footnotes)
  return { head, unit, align: 'right', cell }
}

/** What the column of ratios means, or why there is none. */
function ratioSentence(result: RunResult): string[] {
  if (result.arms.every((arm) => ratioCell(arm, result).absent === true))
    return ['No ratios to the baseline: too few paired rounds for an interval.']
  const floor = result.noise.find((n) => n.metric === 'nodeCpuUs' && n.point === 'saturated')
  const same =
    floor === undefined ? '' : ` The baseline against itself: ${formatEstimate(floor.ratio, floor.interval)}.`
  const starts = new Set(result.windows.map(({ stack }) => stack)).size
  const others =
    starts > 1
      ? ''
      : ' All rounds are of one start: another start of the same program may lie several per cent away, which no interval here covers (--thorough takes three).'
  return [
    `× baseline: node CPU against the same route without a check, with the 95 % interval of ${result.configuration.rounds} paired rounds; ~ means that no difference is claimed.${same}${others}`,
  ]
}

/** What a lookup costs in time, CPU and bytes: a row an arm, each figure under the point it was taken at. */
export function costTable(result: RunResult): ReportTable {
  const footnotes = createFootnotes()
  const mixed = result.configuration.mix !== undefined
  const figure = (head: string, unit: string, name: MetricName, point: Point) =>
    metricColumn(head, unit, name, point, footnotes)
  return buildTable<ArmResult>({
    title: mixed ? 'What a request of the mix costs, and a lookup when saturated' : 'What a lookup costs',
    items: armsInOrder(result),
    footnotes,
    groups: [
      {
        head: '',
        columns: [{ head: 'mode', unit: '', align: 'left', cell: (arm) => modeCell(result, arm, footnotes) }],
      },
      {
        head: pointHead(result, 'equal-rate'),
        columns: [
          figure('p50', 'ms', 'responseP50Ms', 'equal-rate'),
          figure('p99', 'ms', 'responseP99Ms', 'equal-rate'),
          figure('accepted', '/s', 'goodputPerS', 'equal-rate'),
          figure('proxy', 'µs', 'proxyCpuUs', 'equal-rate'),
          figure('node', 'µs', 'nodeCpuUs', 'equal-rate'),
          figure('store', 'µs', 'storeCpuUs', 'equal-rate'),
          figure('up', 'B', 'bytesUp', 'equal-rate'),
          figure('down', 'B', 'bytesDown', 'equal-rate'),
        ],
      },
      {
        head: pointHead(result, 'saturated'),
        columns: [
          figure('rate', '/s', 'throughputPerS', 'saturated'),
          figure('node', 'µs', 'nodeCpuUs', 'saturated'),
          { head: 'node CPU', unit: '× baseline', align: 'right', cell: (arm) => ratioCell(arm, result) },
        ],
      },
    ],
    caption: [
      pointSentence(result, 'equal-rate'),
      pointSentence(result, 'saturated'),
      `µs: CPU time of that tier per accepted lookup${mixed ? ' (at the equal rate: per accepted request of the mix)' : ''}. B: bytes per request as sent.`,
      ...ratioSentence(result),
    ],
  })
}
