import type { RefreshGrant } from './refresh-tokens.ts'

export { REFRESH_GRACE_MS as GRACE_MS } from '#contract/renewal.ts'

/** What became of one use of a family's token. */
export type Turn =
  | { readonly outcome: 'turned'; readonly grant: RefreshGrant; readonly place: number }
  /** `reused`: an older token came after its grace; the family is dead from here on. */
  | { readonly outcome: 'unknown' | 'expired' | 'revoked' | 'reused' }

/**
 * The refresh tokens that came of one login are a family; each has a place in it, counted from 1. Kept is the place that
 * is current, never a token. `turn` is one step: of any number that come at once, one moves the family on.
 */
export interface RefreshFamilies {
  epochOf(userId: string): Promise<number>
  /** @param family what a family is known by: the hash of a name that the tokens alone have. */
  create(family: string, grant: RefreshGrant): Promise<void>
  /** What `turn` would answer now; the family stays where it is, and dies where it would die. */
  look(userId: string, family: string, place: number, nowMs: number): Promise<Turn>
  turn(userId: string, family: string, place: number, nowMs: number): Promise<Turn>
  end(userId: string, family: string): Promise<void>
  advanceEpoch(userId: string): Promise<void>
  close(): Promise<void>
}
