import type { FailureRun, RunResult } from '#contract/result.ts'
import { formatCount, formatPercent } from '../numbers.ts'
import { findMetric } from '../table/metric-cell.ts'
import { hasSeveralFaults } from '../table/several-faults.ts'
import { survivalTable } from '../table/survival-table.ts'
import { canvas, figureAxis, nameAxis, nameRoomPx } from './axis.ts'
import type { Chart } from './chart.ts'
import { ALARM, INK } from './palette.ts'

function lostPercent(run: FailureRun): number | null {
  const metric = findMetric(run.metrics, 'loginsLostShare', 'failure')
  if (metric === undefined || !metric.valid || metric.value === null) return null
  return metric.unit === '%' ? metric.value : metric.value * 100
}

function words(run: FailureRun): string {
  const percent = lostPercent(run)
  const share = percent === null ? 'not measured' : `${formatPercent(percent / 100)} %`
  return `${share} (${formatCount(run.survival.lost)} of ${formatCount(run.survival.users)})`
}

/** Logins lost to the fault, a bar a failure run. */
export function loginsLost(result: RunResult): Chart | undefined {
  const { failures } = result
  if (failures.length === 0 || hasSeveralFaults(result)) return undefined
  return {
    id: 'logins-lost',
    title: 'Logins lost to the fault',
    reading:
      'Of the logins that some node accepted before the fault, those that no node accepted after the heal. An empty row lost nobody.',
    description: failures.map((run) => `${run.mode}: ${words(run)}.`).join(' '),
    data: survivalTable(result),
    height: () => 64 + failures.length * 32,
    option: (frame) => ({
      ...canvas(frame),
      legend: { show: false },
      grid: {
        left: nameRoomPx(failures.map(({ mode }) => mode)),
        right: frame.narrow ? 24 : 30,
        top: 8,
        bottom: 44,
      },
      xAxis: { ...figureAxis('% of live logins'), min: 0, max: 100 },
      yAxis: nameAxis(failures.map(({ mode }) => mode)),
      series: [
        {
          type: 'bar',
          barWidth: 18,
          itemStyle: { color: ALARM },
          data: failures.map((run) => ({
            value: lostPercent(run) ?? 0,
            label: {
              show: true,
              // Beside a bar that would push it out of the picture, the words stand inside.
              position: (lostPercent(run) ?? 0) > 60 ? ('insideRight' as const) : ('right' as const),
              color: (lostPercent(run) ?? 0) > 60 ? 'var(--paper, #ffffff)' : INK,
              formatter: words(run),
            },
          })),
        },
      ],
    }),
  }
}
