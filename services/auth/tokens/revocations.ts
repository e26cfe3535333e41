import type { Upkeep } from '../upkeep.ts'
import type { AccessClaims } from './claims.ts'

/** The claims by which a token can be revoked before it expires. */
export interface RevocableClaims {
  readonly sub: string
  /** The login: the same in every token that a write issues anew, so that a logout ends all of them. */
  readonly sid: string
  /** The user's epoch when the login began. */
  readonly epoch: number
  /** When the last token of this login is over, also one that a renewal has issued since; seconds. */
  readonly exp: number
}

/** A login that is about to be given its token. */
export interface NewLogin {
  readonly userId: string
  readonly role: string
  /** ISO 8601. */
  readonly loginAt: string
  readonly epoch: number
  readonly deadlineMs: number
  /** Of the refresh tokens that go with the token. */
  readonly family?: string | undefined
}

/** A login that is kept. */
export interface Admitted {
  readonly sid: string
  /** Families of refresh tokens that are to end with the logins that a limit has ended for this one. */
  readonly endedFamilies: readonly string[]
}

/**
 * What brings data back to a check that an algorithm had decided: which logins ended before their token does.
 * By ids and epochs, never by the token's text, of which there can be several spellings, and never by `iat`, in which
 * two tokens of one second tie.
 */
export interface Revocations {
  /** The epoch to stamp on a login of this user: read it before the password is checked. */
  epochOf(userId: string): Promise<number>
  /** Keeps a login that must be known to be good later on, and names it. Absent where only ends are kept. */
  admit?(login: NewLogin): Promise<Admitted>
  /** @throws AnswerError storeUnavailable or stale where nobody can tell. */
  isRevoked(claims: RevocableClaims): boolean | Promise<boolean>
  /** Ends one login. Resolves once it took hold; rejects (storeUnavailable, memoryFull) when it did not. Idempotent. */
  revokeLogin(claims: RevocableClaims): Promise<void>
  /** Voids every login of the user that exists or has begun. Never goes back. */
  revokeUser(userId: string): Promise<void>
  /** Absent where nothing goes on between requests. */
  readonly upkeep?: Upkeep
  storeState(): Promise<'up' | 'down'>
  close(): Promise<void>
}

/** How far the clocks of nodes and store may be apart: a revocation is remembered that much longer than it matters. */
export const REVOCATION_SLACK_MS = 60_000

/** A revocation is kept until no token of the login is left, also none that was renewed after the one presented. */
export function revocable({ sub, sid, epoch, exp, login_exp }: AccessClaims): RevocableClaims {
  if (sid === undefined || epoch === undefined)
    throw new Error('a token of this mode was issued without its login')
  return { sub, sid, epoch, exp: login_exp ?? exp }
}
