import type { ModeName } from './modes.ts'
import type { Expectation } from './operations.ts'
import type { Outcome } from './outcomes.ts'

/** One switch from a mode to another while people are logged in and go on asking. Times in ms from the order to switch. */
export interface MigrationStep {
  from: ModeName
  to: ModeName
  /** Until every part had confirmed the new mode. */
  switchMs: number
  /** Slowest answer to a request that was under way or due while it was switched, from when it was due; null: none was. */
  slowestMs: number | null
  /** By the ledger: each credential put to every node before and after. `live`: some node accepted it before. */
  logins: { live: number; lost: number; allowed: Expectation }
  /** Answered before the order. */
  before: RequestCounts
  /** Answered after it, until the end of the watching. */
  after: RequestCounts
  /** Users who were refused, and logged in again with their password as soon as they noticed. */
  reLogins: { users: number; tried: number; failed: number }
  /** Node CPU of one login in the new mode, ms, measured at rest; null: could not be. */
  loginCpuMs: number | null
  /** Until the last user was in again; null: not within the watching. */
  wholeMs: number | null
  watchedMs: number
}

/**
 * Lookups by what became of them: `refused` means 401 and the user must log in again; `byChance` 401 of a mode whose
 * table announces that a node may not know the login; `failed` everything else that is no success.
 */
export interface RequestCounts {
  answered: number
  refused: number
  byChance: number
  failed: number
  /** The failed ones by kind. */
  kinds: Partial<Record<Outcome, number>>
}

/** A migration as it was driven, and the way back at its end. */
export interface MigrationEvidence {
  users: number
  /** Each user asks once in so many ms. */
  everyMs: number
  steps: readonly MigrationStep[]
  /** The first mode, switched on again at the end: how many of the logins made in it at the start some node accepts. */
  wayBack: { mode: ModeName; logins: number; goodAgain: number } | null
}
