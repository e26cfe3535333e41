import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import { shiftBetween } from '#bench/statistics/rank-sum.ts'
import { SMALLEST_CLAIM, widestOf } from '#bench/statistics/verdict.ts'
import type { MetricName, NoiseFloor, Point } from '#contract/result.ts'

/** The centre of some rounds and its interval; null where there are too few for one. */
export interface Centre {
  value: number
  interval: readonly [number, number] | null
}

/** Rounds of two stacks side by side, which are not paired: whatever drifted between the two is in it. */
export interface UnpairedRatio {
  a: Centre
  b: Centre
  /** b ÷ a, with the exact rank-sum interval. */
  ratio: number
  interval: readonly [number, number] | null
}

/** Of one figure a round, those above zero; undefined where either side has none. */
export function unpairedRatio(a: readonly number[], b: readonly number[]): UnpairedRatio | undefined {
  const [before, after] = [a.filter((value) => value > 0), b.filter((value) => value > 0)]
  if (before.length === 0 || after.length === 0) return undefined
  const { estimate, interval } = shiftBetween(before.map(Math.log), after.map(Math.log))
  return {
    a: centreOf(before),
    b: centreOf(after),
    ratio: Math.exp(estimate),
    interval: interval && [Math.exp(interval[0]), Math.exp(interval[1])],
  }
}

function centreOf(values: readonly number[]): Centre {
  const { estimate, interval } = hodgesLehmann(values)
  return { value: estimate, interval }
}

/** How far from 1 a ratio of these stacks must lie; undefined where one of them has no floor: then nothing is claimed. */
export function claimFloor(floors: readonly (NoiseFloor | undefined)[]): number | undefined {
  const widths = floors.map((floor) => floor && widestOf(floor))
  return widths.every((width) => width !== undefined) ? Math.max(SMALLEST_CLAIM, ...widths) : undefined
}

/** What a run's baseline differed from itself in one figure; undefined where that was not measured, or is void. */
export function floorOf(
  floors: readonly NoiseFloor[],
  metric: MetricName,
  point: Point,
): NoiseFloor | undefined {
  return floors.find((one) => one.metric === metric && one.point === point)
}
