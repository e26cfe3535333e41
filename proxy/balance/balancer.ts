import type { Upstream } from '../upstream/upstream.ts'

/** What a choice may depend on beside the pool. */
export interface RoutingHints {
  /** The value of the cookie or header that is hashed; undefined where the request brings none. */
  readonly key: string | undefined
}

/**
 * Chooses an upstream for a request that is pinned to none. Does no input or output and reads no clock; what it
 * remembers (a turn) is its own. Pinned requests never come here, so that they cannot skew the turns.
 */
export interface Balancer {
  /** @returns undefined only for an empty pool. */
  select(pool: readonly Upstream[], hints: RoutingHints): Upstream | undefined
}
