import type { ArmName } from '#contract/modes.ts'
import type { Comparison, MetricName, NoiseFloor, Point } from '#contract/result.ts'
import { hodgesLehmann } from './hodges-lehmann.ts'
import { holm } from './holm.ts'
import { signedRankTest } from './signed-rank.ts'

/** A difference below 3 % is never claimed: layouts of memory and code alone move figures by that much. */
const SMALLEST_CLAIM = 0.03
const LEVEL = 0.05

/** One arm's figure and the baseline's, of the same round. */
export interface Pair {
  arm: number
  baseline: number
}

/** Everything one comparison rests on: one pair a round. */
export interface PairedArm {
  arm: ArmName
  pairs: readonly Pair[]
}

/**
 * Each arm against the baseline in one metric: exp of the Hodges–Lehmann estimate of ln(arm / baseline), its exact
 * interval, and the exact signed-rank p, corrected by Holm over this family. A difference is claimed where the
 * corrected p is below 0.05 and the ratio is farther from 1 than 3 % and than half the noise floor's interval.
 *
 * Rounds in which either figure is not above zero carry no ratio and are left out.
 * @param noise the two baseline visits of each round against each other; undefined: nothing is claimed.
 * @returns a comparison for each arm that has at least six usable rounds; the others are left out.
 */
export function compareArms(
  arms: readonly PairedArm[],
  metric: MetricName,
  point: Point,
  noise: NoiseFloor | undefined,
): Comparison[] {
  const estimated = arms.flatMap(({ arm, pairs }) => {
    const ratios = logRatios(pairs)
    const centre = hodgesLehmann(ratios)
    return centre ? [{ arm, centre, p: signedRankTest(ratios).p }] : []
  })
  const corrected = holm(estimated.map(({ p }) => p))
  const floor = noise ? Math.max(SMALLEST_CLAIM, (noise.interval[1] - noise.interval[0]) / 2) : undefined
  return estimated.map(({ arm, centre, p }, index) => {
    const ratio = Math.exp(centre.estimate)
    const pHolm = corrected[index] ?? 1
    return {
      arm,
      metric,
      point,
      ratio,
      interval: [Math.exp(centre.interval[0]), Math.exp(centre.interval[1])],
      p,
      pHolm,
      claimed: floor !== undefined && pHolm < LEVEL && Math.abs(ratio - 1) > floor,
      n: centre.n,
    }
  })
}

/**
 * What this run cannot tell apart: the second baseline visit of each round against the first.
 * @returns undefined where fewer than six rounds have both.
 */
export function noiseFloor(pairs: readonly Pair[], metric: MetricName, point: Point): NoiseFloor | undefined {
  const centre = hodgesLehmann(logRatios(pairs))
  if (!centre) return undefined
  return {
    metric,
    point,
    ratio: Math.exp(centre.estimate),
    interval: [Math.exp(centre.interval[0]), Math.exp(centre.interval[1])],
  }
}

function logRatios(pairs: readonly Pair[]): number[] {
  return pairs.map(({ arm, baseline }) => Math.log(arm / baseline)).filter(Number.isFinite)
}
