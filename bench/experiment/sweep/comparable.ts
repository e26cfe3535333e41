import type { ArmName } from '#contract/modes.ts'
import type { Metric, MetricName, Point, WindowRow } from '#contract/result.ts'
import { isAsNamed } from '../costs/saturation.ts'
import { isLatency } from '../costs/without-void-latency.ts'

/** What is asked of one value of a sweep. */
interface Measured {
  arms: readonly { arm: ArmName; metrics: readonly Metric[] }[]
  windows: readonly WindowRow[]
}

/**
 * Does a figure of a mode carry a comparison at this value? Not where a check voided it; not a latency whose baseline's
 * own is void, since then nobody knows what this stack could not tell apart; and none of a saturated node that had rest.
 */
export function isComparable(
  { arms, windows }: Measured,
  mode: ArmName,
  name: MetricName,
  point: Point,
): boolean {
  const isValid = (which: ArmName) => {
    const metrics = arms.find(({ arm }) => arm === which)?.metrics
    return metrics?.find((metric) => metric.name === name && metric.point === point)?.valid === true
  }
  if (!isValid(mode) || (isLatency(name) && !isValid('baseline'))) return false
  return isAsNamed(windows, mode, point)
}
