import type { ModeName } from './modes.ts'
import type { Comparison, Point } from './result.ts'

/** What a user cannot give up. What is absent is no limit. */
export interface DecisionLimits {
  /** How long after its logout a credential may still be accepted, ms. */
  maxLogoutLagMs?: number
  /** No login may be lost when one node dies. */
  surviveNodeLoss?: boolean
  /** The slowest 1 % of accepted lookups may take this long, ms. */
  p99Ms?: number
  /** Lookups a second, answered through the proxy. */
  lookupsPerS?: number
}

export const LIMIT_NAMES = ['max-logout-lag', 'survive-node-loss', 'p99', 'lookups'] as const
export type LimitName = (typeof LIMIT_NAMES)[number]

/** One figure that a judgement rests on. */
export interface DecisionEvidence {
  figure: string
  value: number
  unit: string
  interval: readonly [number, number] | null
  point: Point
  /** The conditions in a few words: the rate, the path, the fault. */
  under: string
  n: number
  /** The result it comes from. */
  file: string
}

/** One mode against one limit. `unknown`: no usable figure covers it, whatever the mode promises. */
export interface LimitJudgement {
  mode: ModeName
  limit: LimitName
  verdict: 'met' | 'broken' | 'unknown'
  why: string
  evidence: readonly DecisionEvidence[]
}

/** A result that was read for a decision. */
export interface DecisionSource {
  file: string
  id: string
  /** False: none of its figures is used, and `doubts` says why. */
  usable: boolean
  doubts: readonly string[]
  conditions: string
}

/**
 * `chosen`: one mode is known to meet every limit, and no other that does is known to cost less. `tied`: several do, and
 * the evidence does not order them. `none`: every mode is known to break a limit. `cannot-tell`: no mode is known to
 * meet every limit, and some are not known to break one.
 */
export interface Decision {
  limits: DecisionLimits
  verdict: 'chosen' | 'tied' | 'none' | 'cannot-tell'
  /** The modes that the verdict is about: chosen, tied, or still possible. */
  modes: readonly ModeName[]
  judgements: readonly LimitJudgement[]
  /** CPU of nodes and store, pairs of modes that meet every limit. */
  comparisons: readonly (Comparison<ModeName> & { file: string })[]
  sources: readonly DecisionSource[]
  notMeasured: readonly string[]
  wouldChange: readonly string[]
}
