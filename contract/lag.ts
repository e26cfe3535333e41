import type { Guarantee, ModeName } from './modes.ts'

/** What can end a login before its time. A demotion makes a user of an administrator. */
export const LAG_KINDS = ['logout', 'logout-all', 'ban', 'password', 'demotion'] as const
export type LagKind = (typeof LAG_KINDS)[number]

/** A distribution, ms; p50 and p99 linear between neighbours. */
export interface LagSpread {
  count: number
  p50: number
  p99: number
  max: number
}

/** How long logins that were revoked were accepted, in one mode, after one kind of revocation. */
export interface RevocationLag {
  mode: ModeName
  kind: LagKind
  /** When the mode's table says that it takes hold; the bound in ms, where there is one. */
  promise: Guarantee
  boundMs: number | null
  /** Of the logins, s. */
  lifetimeS: number
  /** Revocations asked for, and those that were acknowledged: only these are timed. */
  asked: number
  acknowledged: number
  /**
   * Of each node, for each acknowledged revocation of a login that the node had accepted until then: from the acknowledgement to the sending of the last question that
   * the node accepted, ms; 0: it accepted none.
   */
  nodes: readonly { id: string; lagsMs: readonly number[] }[]
  /** Over all of these. */
  lag: LagSpread
  /** Revocations after which some node still accepted, or had not refused, when the watching ended. */
  unfinished: number
  /** Between two questions to one node, ms: a lag shorter than that cannot be seen. */
  gap: LagSpread
  /** False where a node accepted later than promised. Null: there is no promise, nothing was acknowledged, or a node could not tell. */
  kept: boolean | null
}
