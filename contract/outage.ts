export const OUTAGE_POLICIES = ['closed', 'stale', 'open'] as const
/**
 * What a node of mode `redis` does with a lookup while Redis cannot be asked.
 * `closed`: it answers 503. `stale`: it believes what it read itself within the last STALE_MAX_MS, and answers 503
 * otherwise. `open`: it believes the signed cookie alone. Logins, writes and logouts answer 503 under each of them.
 */
export type OutagePolicy = (typeof OUTAGE_POLICIES)[number]

/** Longest that `stale` believes what it read, ms. */
export const STALE_MAX_MS = 60_000

/**
 * What an outage of the store let in and kept out, beside what it let be done. "During": sent while the fault was in
 * force; "after": sent when the healing was done.
 */
export interface OutageLedger {
  /** What nodes did with lookups; null: the mode knows one way only. */
  policy: OutagePolicy | null
  /** Of the load, during. `slowestMs` over every answer; null: there was none. */
  lookups: { asked: number; ok: number; unavailable: number; slowestMs: number | null }
  /** Questions with logins whose logout had been acknowledged for longer than the mode’s bound; half a second before the fault at the earliest. */
  revoked: { during: Accepted; after: Accepted }
  /** Questions with a signature that was tampered with. */
  forged: { during: Accepted; after: Accepted }
  /** Of real logins with a password, and of logouts, begun during the fault: those that were acknowledged, and those that nobody can be sure of. */
  logins: { tried: number; made: number }
  logouts: { tried: number; acknowledged: number; unsure: number }
  /** From the return to the first right answer of the node that was last to give one, ms; null: it gave none in the run. */
  backMs: number | null
  /** From the return to the sending of the last request that failed, or let somebody in whom the mode’s table keeps out, ms; 0: there was none. */
  lastWrongMs: number
}

export interface Accepted {
  asked: number
  accepted: number
}
