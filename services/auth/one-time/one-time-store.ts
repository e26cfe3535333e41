import type { MaybeLater } from '../maybe-later.ts'

export const LINK_LIFETIME_MS = 15 * 60_000
export const CODE_LIFETIME_MS = 10 * 60_000
export const CODE_TRIES_MAX = 5
/** Links of one user that are good at the same time, and codes asked for in one lifetime of a code. */
export const LINKS_MAX = 5
export const ASKS_MAX = 5

/** Whose link it was, and the account's version it was made for. */
export interface TakenLink {
  readonly userId: string
  readonly version: number
}

/**
 * What may be used once, beside the user directory and wherever that is, in every mode. Each use is one statement that
 * takes what it finds: of any number that come at once, one gets it. Only hashes are kept.
 */
export interface OneTimeStore {
  /** False when the user has as many good links as are allowed. */
  addLink(hash: string, user: string, version: number): MaybeLater<boolean>
  /** undefined: never was, is used, or has expired. */
  takeLink(hash: string): MaybeLater<TakenLink | undefined>
  /** Takes the place of the user's earlier code. False when too many were asked for. */
  addCode(user: string, session: string, hash: string): MaybeLater<boolean>
  /** Counts one try; the hash to compare with, or undefined where there is no code to try (any more). */
  tryCode(user: string, session: string): MaybeLater<string | undefined>
  /** True for the one use that gets it. */
  takeCode(user: string, session: string, hash: string): MaybeLater<boolean>
  close(): MaybeLater<void>
}
