import type { RefusalReason } from '#contract/reasons.ts'

/** What a refresh token stands for: the login it began with. Times in milliseconds since the Unix epoch. */
export interface RefreshGrant {
  readonly userId: string
  readonly loginAtMs: number
  /** Absolute end: no refresh moves it. */
  readonly deadlineMs: number
  /** The account's version in the user directory at the login; a later one (password, ban, role) voids the grant. */
  readonly version: number
  /** The user's epoch in the mode's epoch home at the login. */
  readonly epoch: number
  /** The user's epoch among the refresh tokens at the login. */
  readonly familyEpoch: number
}

/** A refresh token, and what is known of it. */
export interface NewRefreshToken {
  readonly token: string
  /** What the store knows its family by: goes into the session, so that whoever ends that can end it. Absent: nobody could. */
  readonly family?: string
}

/** A grant that is good, and the family that it is of, where somebody remembers it. */
export interface SeenGrant extends RefreshGrant {
  readonly family?: string
}

/** A grant that is good, and the refresh token to use next time. */
export interface Redeemed extends RefreshGrant {
  readonly token: string
}

/**
 * The longer-lived half of a pair.
 *
 *   login     begin ─► (password check) ─► issue ─► the strategy issues
 *   refresh   look ─► (directory, epoch) ─► the strategy issues ─► redeem
 *   logout    revoke | revokeUser; endFamily where a list or a limit ends a session
 *
 * Refusals are values; a method rejects with AnswerError storeUnavailable or memoryFull when nobody can tell.
 */
export interface RefreshTokens {
  /** What `familyEpoch` is to be: read before the password is checked. */
  begin(userId: string): Promise<number>
  issue(grant: RefreshGrant): Promise<NewRefreshToken>
  /** What the token stands for. It stays good; one that is used again too late ends its login here already. */
  look(token: string, nowMs: number): Promise<SeenGrant | RefusalReason>
  /**
   * Uses the token up, where that is remembered: the last step of a refresh, so that one that failed on our side has
   * cost the client nothing.
   */
  redeem(token: string, nowMs: number): Promise<Redeemed | RefusalReason>
  /** Ends the login that this token belongs to, where anybody remembers it. Idempotent; nonsense is no error. */
  revoke(token: string): Promise<void>
  /** The same, for a session's family. Idempotent. */
  endFamily(userId: string, family: string): Promise<void>
  /** Voids every refresh token of the user whose login has begun. */
  revokeUser(userId: string): Promise<void>
  close(): Promise<void>
}
