import type { ArmName, ModeName } from './modes.ts'
import type { Comparison, Metric, MetricName, NoiseFloor, Point, WindowRow } from './result.ts'

/** What can be varied while everything else is held. */
export const SWEEP_VARIABLES = [
  'connections',
  'nodes',
  'payload',
  'sessions',
  'rate',
  'jwt-alg',
  'redis-rtt',
] as const
export type SweepVariable = (typeof SWEEP_VARIABLES)[number]

/** The figures of a sweep: each is a curve a mode. */
export const SWEEP_FIGURES = [
  ['nodeCpuUs', 'saturated'],
  ['serverCpuUs', 'saturated'],
  ['serverCpuUs', 'equal-rate'],
  ['responseP50Ms', 'equal-rate'],
] as const satisfies readonly (readonly [MetricName, Point])[]

/** One value of what is varied, with a stack of its own: paired rounds over all modes. */
export interface SweepStep {
  /** As asked for: a number in the variable's unit, or a name. */
  value: number | string
  /** Where on the axis it lies: the value, or the round trip that was measured (`redis-rtt`); null: a name. */
  at: number | null
  ratePerS: number
  redisRoundTripMs: { p50: number; p99: number } | null
  arms: readonly { arm: ArmName; metrics: readonly Metric[] }[]
  /** Every pair of modes, in each of the figures; corrected by Holm over the pairs of this step. */
  comparisons: readonly Comparison<ModeName>[]
  noise: readonly NoiseFloor[]
  windows: readonly WindowRow[]
}

/** Where the order of two modes turns. */
export interface Crossing {
  /** The cheaper or faster of the two at the step below, and the one at the step above. */
  below: ModeName
  above: ModeName
  /** The nearest steps at which the difference is claimed, with opposite signs. */
  between: readonly [number, number]
  /**
   * Where the ratio is 1, interpolated between those two, and between the ends of their intervals; null where steps
   * lie between them at which the two are not told apart.
   */
  at: { estimate: number; interval: readonly [number, number] } | null
}

/** Two modes over all steps, in one figure. */
export interface SweepRelation {
  arm: ModeName
  against: ModeName
  metric: MetricName
  point: Point
  /** Step by step the cheaper or faster of the two; null: not told apart, or one of them is not there. */
  better: readonly (ModeName | null)[]
  crossings: readonly Crossing[]
}

/** One mode at the first value and at the last: two stacks, one after the other, whose rounds are not paired. */
export interface SweepEnds {
  mode: ModeName
  metric: MetricName
  point: Point
  low: { value: number; interval: readonly [number, number] | null }
  high: { value: number; interval: readonly [number, number] | null }
  /** high ÷ low, with the exact rank-sum interval; null where there are too few rounds for one. */
  ratio: number
  interval: readonly [number, number] | null
  /** The same of the baseline, to which what is varied is nothing: the two stacks' own difference. */
  baseline: { ratio: number; interval: readonly [number, number] | null } | null
  /** True: beyond 5 %, beyond either stack's noise floor, and the interval lies beyond the baseline's. */
  claimed: boolean
}

export interface SweepEvidence {
  over: SweepVariable
  /** `B`, `ms`, `/s`, …; empty: a name. */
  unit: string
  /** Ascending. */
  steps: readonly SweepStep[]
  relations: readonly SweepRelation[]
  /** Where what is varied is nothing to the baseline; absent in older files. */
  ends?: readonly SweepEnds[]
}
