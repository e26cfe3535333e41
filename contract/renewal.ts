/**
 * How a login is made to last.
 * - `fixed`: it ends a lifetime after the password was checked, whatever happens.
 * - `rolling`: every use makes it last a lifetime more, up to an absolute end. A session in a store is extended; a
 *   credential that carries its own end is issued anew with each answer. `redis-stock` rolls in any case, without an end.
 * - `pair`: a short-lived credential and a refresh token that fetches the next one, up to an absolute end.
 */
export const RENEWALS = ['fixed', 'rolling', 'pair'] as const
export type Renewal = (typeof RENEWALS)[number]

/** Where the refresh token of a pair is remembered: at the client alone (signed), or in the store (used once). */
export const REFRESH_HOMES = ['stateless', 'store'] as const
export type RefreshHome = (typeof REFRESH_HOMES)[number]

/** Body of `PUT /renewal` on control, which tells every node, also those that start later; body and answer on a node. */
export interface RenewalSetting {
  readonly renewal: Renewal
  /** Of a pair; as the node was started unless given. */
  readonly refresh?: RefreshHome
}

/**
 * For this long the token before the current one gets the current one again: two tabs, or an answer that was lost. Unless
 * the node is strict: then whoever comes second, with a token that is good once, ends the login for both.
 */
export const REFRESH_GRACE_MS = 10_000
