import type { ArmName } from './modes.ts'
import type { MetricName, Point } from './result.ts'

/** One figure of one arm in two results: ratio = b ÷ a. */
export interface ResultDifference {
  arm: ArmName
  metric: MetricName
  point: Point
  /** Hodges–Lehmann centre of the rounds, in the metric's unit. */
  a: number
  b: number
  ratio: number
  /** Exact rank-sum interval over rounds; null where there are too few of them. */
  interval: readonly [number, number] | null
  /**
   * The same with the machine's speed divided out: each round's figure over what the load generator, which is no part
   * of what is measured, spent on a request of the baseline in that round. null: a run without its baseline.
   */
  atOneSpeed: SpeedRatio | null
  /**
   * True: both intervals leave out 1 on the same side, and both ratios are beyond 5 % and beyond what either run could
   * not tell apart in itself; never where one of them does not know what that is.
   */
  claimed: boolean
}

/** b ÷ a, with its interval; null where there are too few rounds for one. */
export interface SpeedRatio {
  ratio: number
  interval: readonly [number, number] | null
}

/** A demand such as `redis.cpu > +10%`, and what became of it. */
export interface Demand {
  text: string
  /** True: the difference is claimed and lies beyond the threshold. */
  failed: boolean
  detail: string
}

/** Two results side by side. */
export interface ResultComparison {
  a: { id: string; command: string }
  b: { id: string; command: string }
  differences: readonly ResultDifference[]
  /** How much slower the machine was in b, by the generator's CPU on the baseline at saturation; null: unknown. */
  slower: SpeedRatio | null
  /** Why the two may not be alike, in words. */
  warnings: readonly string[]
  demands: readonly Demand[]
}
