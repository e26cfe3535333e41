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
  /** True: the interval leaves out 1, and the ratio is beyond 3 % and beyond what either run could not tell apart. */
  claimed: boolean
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
  /** Why the two may not be alike, in words. */
  warnings: readonly string[]
  demands: readonly Demand[]
}
