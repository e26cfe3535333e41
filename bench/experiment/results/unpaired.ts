import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import { shiftBetween } from '#bench/statistics/rank-sum.ts'
import type { Point } from '#contract/result.ts'

/** A difference below this is never claimed: layouts of memory and code alone move figures by that much. */
export const SMALLEST_CLAIM = 0.03

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

/** Half the width of what a run's baseline differed from itself; 0 where that was not measured. */
export function noiseOf(
  floors: readonly { metric: string; point: Point; interval: readonly [number, number] }[],
  metric: string,
  point: Point,
): number {
  const floor = floors.find((one) => one.metric === metric && one.point === point)
  return floor ? (floor.interval[1] - floor.interval[0]) / 2 : 0
}
