import { mergeEncoded } from '#bench/measure/histogram.ts'
import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import { median } from '#bench/statistics/median.ts'
import type { SelfCheck, WindowRow } from '#contract/result.ts'
import {
  type CheckedFigure,
  type CheckedFigureName,
  type CheckedLoad,
  COST_MODELS,
  type ErrorSpread,
} from '#contract/sizing.ts'
import { perRound, READINGS } from '../../costs/arm-metrics.ts'
import type { TakenWindow } from '../../costs/take-window.ts'
import type { OneMachine } from '../capacity.ts'
import { type PlannedLoad, projectionOf } from './planned-load.ts'

export const CHECKED_FIGURES: readonly CheckedFigureName[] = [
  'nodeCpuUs',
  'storeCpuUs',
  'proxyCpuUs',
  'loopShare',
  'labCores',
  'responseP50Ms',
  'responseP99Ms',
  'bytes',
]

/** What one window says of each figure; null where it cannot. p99 is read off all windows together. */
function readingOf(
  name: Exclude<CheckedFigureName, 'responseP99Ms'>,
  { nodes }: OneMachine,
): (row: WindowRow) => number | null {
  const each = (us: number | null, count: number | null) => (us === null || !count ? 0 : us / count)
  const okPerS = (row: WindowRow) => row.outcomes.ok / (row.durationMs / 1000)
  switch (name) {
    case 'loopShare':
      return (row) => (okPerS(row) * each(row.cpuUs.nodeLoop, row.served.nodeOk)) / nodes / 1e6
    case 'labCores':
      return (row) => {
        const { cpuUs, served } = row
        const servers =
          each(cpuUs.node + (cpuUs.store ?? 0), served.nodeOk) + each(cpuUs.proxy, served.proxyOk)
        return (okPerS(row) * (servers + each(cpuUs.generator, row.outcomes.ok))) / 1e6
      }
    case 'bytes':
      return (row) => {
        const [up, down] = [READINGS.bytesUp(row), READINGS.bytesDown(row)]
        return up === null || down === null ? null : up + down
      }
    default:
      return READINGS[name]
  }
}

/** A load's windows beside what was projected for it; a failed check takes its figures, or its latency alone. */
export function judgeLoad(
  planned: PlannedLoad,
  taken: readonly TakenWindow[],
  checks: readonly SelfCheck[],
  machine: OneMachine,
): CheckedLoad {
  const failed = checks.filter(({ ok }) => !ok)
  const doubts = failed.filter(({ voids }) => voids === 'run').map(({ name, detail }) => `${name}: ${detail}`)
  const late = failed.find(({ voids }) => voids === 'latency')
  const windows = taken.map(({ row }) => row)
  const projections = COST_MODELS.map((model) => [model, projectionOf(planned, model, machine)] as const)
  const figures = CHECKED_FIGURES.flatMap((name): CheckedFigure[] => {
    const isLatency = name === 'responseP50Ms' || name === 'responseP99Ms'
    const reason = doubts[0] ?? (isLatency && late ? `${late.name}: ${late.detail}` : undefined)
    const seen = measure(name, taken, machine)
    const measured = reason === undefined ? seen.value : null
    const projected = projections.flatMap(([model, of]) => {
      if (!of) return []
      const value = of[name]
      const error = measured === null || value === null || value === 0 ? null : measured / value - 1
      return [[model, { value, error }] as const]
    })
    // What no model projects is no part of the mode, or of the way to it.
    if (projected.every(([, { value }]) => value === null)) return []
    const interval = measured === null ? null : seen.interval
    const base = { name, measured, interval, projected: Object.fromEntries(projected) }
    const why = reason ?? (measured === null ? seen.why : undefined)
    return [why === undefined ? base : { ...base, reason: why }]
  })
  const { mode, share, ratePerS } = planned
  return { mode, share, ratePerS, figures, doubts, windows }
}

function measure(
  name: CheckedFigureName,
  taken: readonly TakenWindow[],
  machine: OneMachine,
): { value: number | null; interval: readonly [number, number] | null; why: string } {
  const none = { value: null, interval: null }
  if (name === 'responseP99Ms') {
    const merged = mergeEncoded(taken.map(({ load }) => load.responseUs))
    return { ...none, value: merged.percentileMs(99), why: `${merged.count} samples; p99 wants 1,000` }
  }
  const rows = taken.map(({ row }) => row)
  const values = perRound(rows, readingOf(name, machine), 'equal-rate')
  if (values.length === 0) return { ...none, why: 'no window has it' }
  const { estimate, interval } = hodgesLehmann(values)
  return { value: estimate, interval, why: '' }
}

/** How far each figure lay from each model's projection, over all loads. */
export function spreadErrors(loads: readonly CheckedLoad[]): ErrorSpread[] {
  return CHECKED_FIGURES.flatMap((name) =>
    COST_MODELS.flatMap((model): ErrorSpread[] => {
      const errors = loads
        .flatMap(({ figures }) => figures)
        .filter((figure) => figure.name === name)
        .flatMap(({ projected }) => projected[model]?.error ?? [])
      if (errors.length === 0) return []
      return [
        {
          name,
          model,
          n: errors.length,
          least: Math.min(...errors),
          most: Math.max(...errors),
          median: median(errors.map(Math.abs)),
        },
      ]
    }),
  )
}
