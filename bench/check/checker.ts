import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'

/** What a checker found. No break and no test: it cannot say anything. */
export interface Finding {
  /** How often the promise was put to the test. */
  readonly tested: number
  /** Of each break the operations that show it. */
  readonly breaks: readonly (readonly HistoryLine[])[]
  /** What one test is, as in `12 questions after an acknowledged revocation`. */
  readonly what: string
  /** Why there was nothing to test, as a sentence. */
  readonly nothing: string
}

/**
 * One promise, looked for in what clients saw. A checker is a pure function: it claims a break only where no order of
 * the server's steps within the operations' times could explain the answers, and counts an operation of unknown
 * effect neither as done nor as not done.
 */
export interface Checker {
  readonly name: string
  /** The promise, in one sentence. */
  readonly promise: string
  check(history: History, mode: Mode): Finding
}
