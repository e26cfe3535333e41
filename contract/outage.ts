export const OUTAGE_POLICIES = ['closed', 'stale', 'open'] as const
/**
 * What a node of mode `redis` does with a lookup while Redis cannot be asked.
 * `closed`: it answers 503. `stale`: it believes what it read itself within the last STALE_MAX_MS, and answers 503
 * otherwise. `open`: it believes the signed cookie alone. Logins, writes and logouts answer 503 under each of them.
 */
export type OutagePolicy = (typeof OUTAGE_POLICIES)[number]

/** Longest that `stale` believes what it read, ms. */
export const STALE_MAX_MS = 60_000
