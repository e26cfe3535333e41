import type { ModeName } from './modes.ts'
import type { Operation } from './operations.ts'
import type { Outcome } from './outcomes.ts'

/**
 * One operation of one client, as `timeline.ndjson` keeps it. Times are µs on one monotonic clock, from the start of
 * the run. `certainty` is about the effect, not the answer: `fail` is known not to have happened, `unsure` may have.
 */
export interface HistoryLine {
  seq: number
  client: string
  user: string
  credential: string
  op: Operation
  /** Who answered; `proxy` or empty where no node did. */
  node: string
  mode: ModeName
  invokedUs: number
  doneUs: number
  outcome: Outcome
  certainty: 'ok' | 'fail' | 'unsure'
  reason: string
}
