import type { MetricName, Point, RunResult } from '#contract/result.ts'
import type { SweepEvidence, SweepStep } from '#contract/sweep.ts'
import { formatCount, formatFigure } from '../numbers.ts'
import { restNotes } from './arm-notes.ts'
import { createFootnotes } from './footnotes.ts'
import { findMetric, metricCell } from './metric-cell.ts'
import { buildTable, type ColumnGroup, type ColumnOf, type ReportTable } from './report-table.ts'

/** What is printed at each step, each figure a group with a column a mode. */
export const SWEPT: readonly (readonly [head: string, unit: string, MetricName, Point])[] = [
  ['node + store CPU, saturated', 'µs', 'serverCpuUs', 'saturated'],
  ['node + store CPU, equal rate', 'µs', 'serverCpuUs', 'equal-rate'],
  ['response p50, equal rate', 'ms', 'responseP50Ms', 'equal-rate'],
]

const AXIS: Readonly<Record<SweepEvidence['over'], string>> = {
  connections: 'connections',
  nodes: 'nodes',
  payload: 'payload',
  sessions: 'live sessions',
  rate: 'rate',
  'jwt-alg': 'algorithm',
  'redis-rtt': 'added delay',
}

/** A name for the axis, with its unit. */
export function axisWords({ over, unit }: SweepEvidence): string {
  return unit === '' ? AXIS[over] : `${AXIS[over]}, ${unit}`
}

/** The same where steps are placed by what was measured: Redis is farther away than what was added. */
export function placeWords(sweep: SweepEvidence): string {
  const isMeasured = sweep.steps.every(({ redisRoundTripMs }) => redisRoundTripMs !== null)
  return sweep.over === 'redis-rtt' && isMeasured ? 'round trip to Redis (p50), ms' : axisWords(sweep)
}

/** A row a value. */
export function sweepTable(result: RunResult, sweep: SweepEvidence): ReportTable {
  const footnotes = createFootnotes()
  const groups = SWEPT.map(
    ([head, unit, name, point]): ColumnGroup<ColumnOf<SweepStep>> => ({
      head,
      columns: result.configuration.modes.map((mode) => ({
        head: mode,
        unit,
        align: 'right',
        cell: ({ arms }) => {
          const metrics = arms.find(({ arm }) => arm === mode)?.metrics ?? []
          const cell = metricCell(findMetric(metrics, name, point), footnotes)
          if (point !== 'saturated' || cell.absent) return cell
          return { ...cell, notes: [...(cell.notes ?? []), ...restNotes(metrics).map(footnotes.add)] }
        },
      })),
    }),
  )
  return buildTable<SweepStep>({
    title: `What changes with the ${AXIS[sweep.over]}`,
    items: sweep.steps,
    footnotes,
    groups: [{ head: '', columns: [...valueColumns(sweep)] }, ...groups],
    caption: [
      'Saturated: closed loop, one node. Equal rate: open loop, the same for all modes of a row; latency runs from the intended time, over accepted requests only.',
      'Each row is a stack of its own, and its modes are compared in paired rounds; rows are not paired with each other.',
      'Claims are corrected by Holm over the pairs of modes of one row, not over rows.',
    ],
  })
}

function valueColumns(sweep: SweepEvidence): readonly ColumnOf<SweepStep>[] {
  const value: ColumnOf<SweepStep> = {
    head: AXIS[sweep.over],
    unit: sweep.unit,
    align: 'right',
    cell: ({ value: asked }) => ({
      text:
        typeof asked === 'string'
          ? asked
          : Number.isInteger(asked)
            ? formatCount(asked)
            : formatFigure(asked),
    }),
  }
  const distance: ColumnOf<SweepStep> = {
    head: 'Redis',
    unit: 'ms away',
    align: 'right',
    cell: ({ redisRoundTripMs }) => ({
      text: formatFigure(redisRoundTripMs?.p50 ?? null),
      absent: redisRoundTripMs === null,
    }),
  }
  const rate: ColumnOf<SweepStep> = {
    head: 'rate',
    unit: '/s',
    align: 'right',
    cell: ({ ratePerS }) => ({ text: formatFigure(ratePerS) }),
  }
  return sweep.over === 'rate' ? [value, distance] : [value, distance, rate]
}
