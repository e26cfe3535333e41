import type { HistoryLine } from './history.ts'
import type { ModeName } from './modes.ts'

/** `unknown`: nothing in the history could have broken the promise, or the mode makes none. */
export type CheckVerdict = 'valid' | 'invalid' | 'unknown'

/** What one checker says of one history. */
export interface CheckResult {
  checker: string
  /** The promise, in one sentence. */
  promise: string
  verdict: CheckVerdict
  /** One sentence: what was looked at, what is wrong, or why nothing can be said. */
  detail: string
  /** How often the promise was put to the test. */
  tested: number
  /** How often it was broken. */
  broken: number
  /** The operations that show the first break, in order of time. */
  evidence: readonly HistoryLine[]
}

/** What all checkers say of one mode's part of a history. */
export interface Judgement {
  mode: ModeName
  /** The bug that the history was recorded with, on purpose. */
  plant?: string
  seed?: number
  operations: number
  /** Invalid where one checker says so; unknown where none could say anything. */
  verdict: CheckVerdict
  results: readonly CheckResult[]
}
