import type { ArmResult, Metric, Point, RunResult } from '#contract/result.ts'
import { restedShare } from '#contract/saturation.ts'
import { armTitle } from '../arm-title.ts'
import { formatPercent } from '../numbers.ts'
import { requestWord } from '../story/load-words.ts'
import { findMetric, formatMetric } from './metric-cell.ts'

/** Said wherever figures of a point stand that is called saturated: the node had rest; empty: it had none. */
export function restNotes(metrics: readonly Metric[]): readonly string[] {
  const busy = restedShare(metrics)
  if (busy === undefined) return []
  return [
    `not saturated: the node was busy for ${formatPercent(busy)} % of the time, and nothing is claimed of it there.`,
  ]
}

/** Said wherever figures of the equal rate stand: the mode refuses lookups of people who are logged in; empty: it does not. */
function refusalNotes(result: RunResult, { arm, metrics }: ArmResult): readonly string[] {
  const refused = findMetric(metrics, 'refusedShare', 'equal-rate')
  if (refused === undefined || !refused.valid || !refused.value) return []
  const { mix } = result.configuration
  return [
    `${armTitle(result, arm)}: ${formatMetric(refused)} % of the ${mix ? 'requests of the mix' : 'lookups of logged-in users'} were refused at the equal rate, with no fault, as this mode does. They are not in its latency; their CPU is in its cost per accepted ${requestWord(result.configuration, 'equal-rate')}.`,
  ]
}

/** What a reader must know of an arm's figures at a point. */
export function armNotes(result: RunResult, arm: ArmResult, point: Point): readonly string[] {
  if (point === 'equal-rate') return refusalNotes(result, arm)
  const title = armTitle(result, arm.arm)
  return point === 'saturated' ? restNotes(arm.metrics).map((note) => `${title}: ${note}`) : []
}
