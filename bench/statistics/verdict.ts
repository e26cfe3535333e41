import type { ArmName } from '#contract/modes.ts'
import type { Comparison, MetricName, NoiseFloor, Point } from '#contract/result.ts'
import { hodgesLehmann } from './hodges-lehmann.ts'
import { holm } from './holm.ts'
import { signedRankTest } from './signed-rank.ts'

/**
 * A difference below 5 % is never claimed, within a run or between two: every start of the same program has a heap and
 * compiled code of its own, and starts lie that far apart (docs/decisions/016).
 */
export const SMALLEST_CLAIM = 0.05
/** A corrected p below it is called significant. */
export const LEVEL = 0.05

/** One arm's figure and the other's, of the same round. */
export interface Pair {
  arm: number
  against: number
}

/** Everything one comparison rests on: one pair a round. */
export interface PairedArm<A extends string = ArmName> {
  arm: A
  against: A
  pairs: readonly Pair[]
}

/**
 * Each arm against another in one metric: exp of the Hodges–Lehmann estimate of ln(arm / against), its exact
 * interval, and the exact signed-rank p, corrected by Holm over this family. A difference is claimed where the
 * corrected p is below 0.05 and the ratio is farther from 1 than 5 %, than half the noise floor's interval, and than the
 * noise floor's own distance from 1.
 *
 * Rounds in which either figure is not above zero carry no ratio and are left out.
 * @param noise the noise floor: the two baseline visits of each round against each other; undefined: nothing is claimed.
 * @returns a comparison for each arm that has at least six usable rounds; the others are left out.
 */
export function compareArms<A extends string>(
  arms: readonly PairedArm<A>[],
  metric: MetricName,
  point: Point,
  noise: NoiseFloor | undefined,
): Comparison<A>[] {
  const estimated = arms.flatMap(({ arm, against, pairs }) => {
    const centre = ratioOf(pairs)
    return centre ? [{ arm, against, ...centre }] : []
  })
  const corrected = holm(estimated.map(({ p }) => p))
  const floor = noise && Math.max(SMALLEST_CLAIM, widestOf(noise))
  return estimated.map((one, index) => {
    const pHolm = corrected[index] ?? 1
    const claimed = floor !== undefined && pHolm < LEVEL && Math.abs(one.ratio - 1) > floor
    return { ...one, metric, point, pHolm, claimed }
  })
}

/**
 * What two equal visits cannot tell apart: half their interval, and what they differ by, which a narrow interval may put
 * off 1. A ratio must lie farther from 1 than that.
 */
export function widestOf({ ratio, interval }: NoiseFloor): number {
  return Math.max((interval[1] - interval[0]) / 2, Math.abs(ratio - 1))
}

/**
 * What this run cannot tell apart: the second baseline visit of each round against the first.
 * @returns undefined where fewer than six rounds have both.
 */
export function noiseFloor(pairs: readonly Pair[], metric: MetricName, point: Point): NoiseFloor | undefined {
  const centre = ratioOf(pairs)
  return centre && { metric, point, ratio: centre.ratio, interval: centre.interval }
}

/** Undefined where too few rounds carry a ratio for an interval. */
function ratioOf(pairs: readonly Pair[]): Pick<Comparison, 'ratio' | 'interval' | 'p' | 'n'> | undefined {
  const logRatios = pairs.map(({ arm, against }) => Math.log(arm / against)).filter(Number.isFinite)
  if (logRatios.length === 0) return undefined
  const { estimate, interval, n } = hodgesLehmann(logRatios)
  if (!interval) return undefined
  return {
    ratio: Math.exp(estimate),
    interval: [Math.exp(interval[0]), Math.exp(interval[1])],
    p: signedRankTest(logRatios).p,
    n,
  }
}
