import type { MaybeLater } from '../maybe-later.ts'

/**
 * What a link is for, how long it is good, and how many of a user are at the same time. Each purpose has a count of its
 * own: whoever asks for sign-in links of a user, which anybody may, takes no room from the user's handoffs.
 */
export const LINKS = {
  'sign-in': { lifetimeMs: 15 * 60_000, max: 5 },
  /** A login on its way to another service. */
  handoff: { lifetimeMs: 60_000, max: 5 },
} as const
export type LinkPurpose = keyof typeof LINKS

export const CODE_LIFETIME_MS = 10 * 60_000
export const CODE_TRIES_MAX = 5
/** Codes asked for in one lifetime of a code. */
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
  /** False when the user has as many good links for this purpose as are allowed. */
  addLink(purpose: LinkPurpose, hash: string, user: string, version: number): MaybeLater<boolean>
  /** undefined: never was, is used, or has expired. */
  takeLink(purpose: LinkPurpose, hash: string): MaybeLater<TakenLink | undefined>
  /** Takes the place of the user's earlier code. False when too many were asked for. */
  addCode(user: string, session: string, hash: string): MaybeLater<boolean>
  /** Counts one try; the hash to compare with, or undefined where there is no code to try (any more). */
  tryCode(user: string, session: string): MaybeLater<string | undefined>
  /** True for the one use that gets it. */
  takeCode(user: string, session: string, hash: string): MaybeLater<boolean>
  close(): MaybeLater<void>
}
