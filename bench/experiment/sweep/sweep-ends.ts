import type { ModeName } from '#contract/modes.ts'
import type { MetricName, Point, WindowRow } from '#contract/result.ts'
import { SWEEP_FIGURES, type SweepEnds, type SweepStep, type SweepVariable } from '#contract/sweep.ts'
import { perRound, READINGS } from '../costs/arm-metrics.ts'
import { claimFloor, floorOf, type UnpairedRatio, unpairedRatio } from '../results/unpaired.ts'
import { isComparable } from './comparable.ts'

/** What is nothing to the baseline: then what the baseline differs by is the two stacks' own, and the hour's. */
const NOTHING_TO_BASELINE: readonly SweepVariable[] = ['sessions', 'payload', 'redis-rtt']

/** Each mode at the first value and at the last, beside what the baseline differed by; none where the value is a name. */
export function endsOf(
  over: SweepVariable,
  steps: readonly SweepStep[],
  modes: readonly ModeName[],
): SweepEnds[] {
  const [low, high] = [steps[0], steps.at(-1)]
  if (!low || !high || low === high || !NOTHING_TO_BASELINE.includes(over)) return []
  return modes.flatMap((mode) =>
    SWEEP_FIGURES.flatMap(([metric, point]): SweepEnds[] => {
      if (![low, high].every((step) => isComparable(step, mode, metric, point))) return []
      const own = between(low, high, mode, metric, point)
      if (!own) return []
      const baseline = between(low, high, 'baseline', metric, point) ?? null
      const claimed = isClaimed(own, baseline, [low, high], metric, point)
      const drift = baseline && { ratio: baseline.ratio, interval: baseline.interval }
      const { a, b, ratio, interval } = own
      return [{ mode, metric, point, low: a, high: b, ratio, interval, baseline: drift, claimed }]
    }),
  )
}

function between(
  low: SweepStep,
  high: SweepStep,
  arm: WindowRow['arm'],
  metric: (typeof SWEEP_FIGURES)[number][0],
  point: Point,
): UnpairedRatio | undefined {
  const figures = ({ windows }: SweepStep) =>
    perRound(
      windows.filter((row) => row.arm === arm),
      READINGS[metric],
      point,
    )
  return unpairedRatio(figures(low), figures(high))
}

/** Beyond 5 %, beyond what either stack could not tell apart in itself, and beyond all that the baseline may differ by. */
function isClaimed(
  { ratio, interval }: UnpairedRatio,
  baseline: UnpairedRatio | null,
  steps: readonly SweepStep[],
  metric: MetricName,
  point: Point,
): boolean {
  if (!interval || !baseline?.interval) return false
  const floor = claimFloor(steps.map(({ noise }) => floorOf(noise, metric, point)))
  if (floor === undefined) return false
  const [least, most] = [Math.min(1, baseline.interval[0]), Math.max(1, baseline.interval[1])]
  return Math.abs(ratio - 1) > floor && (interval[0] > most || interval[1] < least)
}
