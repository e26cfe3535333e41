import type { ArmResult, Comparison, MetricName, Point, RunResult } from '#contract/result.ts'
import { NO_FIGURE } from '../numbers.ts'
import { armNotes } from './arm-notes.ts'
import { armsInOrder, formatRatio } from './cost-table.ts'
import { createFootnotes } from './footnotes.ts'
import { findMetric, metricCell } from './metric-cell.ts'
import { pointHead } from './point-words.ts'
import { buildTable, type Cell, type ReportTable } from './report-table.ts'

/** Did this run renew logins in more ways than one? */
export function comparesRenewals(result: RunResult): boolean {
  return result.arms.some(({ arm }) => arm.includes(' '))
}

function withoutRenewal({ arm }: ArmResult, result: RunResult): ArmResult | undefined {
  return result.arms.find((other) => arm.startsWith(`${other.arm} `))
}

/** What renewing changes for a lookup: each arm against the same mode without renewal, in the same rounds. */
export function renewalTable(result: RunResult): ReportTable {
  const footnotes = createFootnotes()
  const figure = (head: string, unit: string, name: MetricName) => ({
    head,
    unit,
    align: 'right' as const,
    cell: (arm: ArmResult) => metricCell(findMetric(arm.metrics, name, 'equal-rate'), footnotes),
  })
  const ratio = (head: string, metric: MetricName, point: Point) => ({
    head,
    unit: '× fixed',
    align: 'right' as const,
    cell: (arm: ArmResult) => ratioCell(comparison(result, arm, metric, point), withoutRenewal(arm, result)),
  })
  return buildTable<ArmResult>({
    title: 'What renewing adds to a lookup',
    items: armsInOrder(result).filter(({ arm }) => arm !== 'baseline'),
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
              text: arm.arm,
              notes: armNotes(result, arm, 'saturated').map(footnotes.add),
            }),
          },
        ],
      },
      {
        head: pointHead(result, 'saturated'),
        columns: [ratio('node', 'nodeCpuUs', 'saturated'), ratio('node, store', 'serverCpuUs', 'saturated')],
      },
      {
        head: pointHead(result, 'equal-rate'),
        columns: [
          ratio('node, store', 'serverCpuUs', 'equal-rate'),
          figure('commands', 'store', 'storeCommands'),
          figure('up', 'B', 'bytesUp'),
          figure('down', 'B', 'bytesDown'),
          figure('set-cookie', 'lines', 'setCookies'),
        ],
      },
    ],
    caption: [
      '× fixed: CPU against the same mode under renewal fixed, in the same rounds, with its 95 % interval; ~: no difference is claimed.',
      'At the equal rate load goes on with what a renewal hands out; when saturated with the credential of its login: what is handed out there is received and counted, and not taken up.',
    ],
  })
}

function comparison(
  result: RunResult,
  { arm }: ArmResult,
  metric: MetricName,
  point: Point,
): Comparison | undefined {
  return result.comparisons.find(
    (one) =>
      one.arm === arm && one.metric === metric && one.point === point && arm.startsWith(`${one.against} `),
  )
}

function ratioCell(found: Comparison | undefined, fixed: ArmResult | undefined): Cell {
  if (found !== undefined) return { text: formatRatio(found), tone: found.claimed ? 'plain' : 'dim' }
  return fixed === undefined
    ? { text: '1', tone: 'dim', absent: true }
    : { text: NO_FIGURE, tone: 'dim', absent: true }
}
