import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Mode } from '#contract/modes.ts'
import type { RefusalReason } from '#contract/reasons.ts'
import type { SessionListing, UsersOnline } from '../sessions/session-store.ts'
import type { Upkeep } from '../upkeep.ts'

export type JsonObject = { readonly [member: string]: unknown }

/** Somebody the user directory knows. */
export interface User {
  readonly id: string
  readonly role: string
}

/** What a valid credential says. */
export interface Login extends User {
  /** ISO 8601, when the password was checked. */
  readonly loginAt: string
}

/** What was true before the password check began. */
export interface LoginContext {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number
  /** The user's epoch in the mode's epoch home; 0 where nobody keeps one. */
  readonly epoch: number
  /** Until the login's absolute end. */
  readonly lifetimeS: number
  /** Where the renewal is rolling: a credential that carries its own end lasts this long after its last use. */
  readonly idleS?: number
  /** When the password was checked, where that was not now: a credential that takes an earlier one's place. */
  readonly loginAtMs?: number
  /** What the earlier credential kept. */
  readonly data?: JsonObject | undefined
  /** Of the refresh tokens that go with the credential, as their store knows them. */
  readonly family?: string | undefined
}

/** A credential as it goes back to the client. */
export type Issued = (
  | { readonly kind: 'cookie'; readonly value: string; readonly maxAgeS: number; readonly loginAt: string }
  | { readonly kind: 'token'; readonly value: string; readonly expiresInS: number; readonly loginAt: string }
) & {
  /** Families of refresh tokens that are to end: a limit of logins has ended their sessions for this one. */
  readonly endedFamilies?: readonly string[]
}

/** A refusal is a value: the reason, as text. */
export type Verdict = Login | RefusalReason

export interface Written {
  readonly login: Login
  /** The credential that carries the new data, where it is the client that holds it. */
  readonly issued?: Issued
}
/** `too-large`: the credential would exceed what clients keep. */
export type WriteResult = Written | RefusalReason | 'too-large'

/** `everything`: every login of the user that exists or has begun. */
export type RevocationScope = 'this' | 'everything'

/** A user's own logins, where somebody keeps a list of them. */
export interface LoginListing extends SessionListing {
  /** The handle of the login that the request carries, once `authenticate` has accepted it. */
  handleOf(request: FastifyRequest): string
}

/**
 * How one mode remembers a login.
 *
 *   POST /login    begin ─► (password check) ─► issue
 *   GET /me        authenticate
 *   PUT /me/data   write
 *   POST /logout   authenticate ─► revoke
 *
 * Refusals are values. A method rejects only when the system is broken, and with AnswerError `storeUnavailable` or
 * `memoryFull` when the store cannot do it: never a refusal for a failure of our own.
 */
export interface CredentialStrategy {
  readonly mode: Mode
  /**
   * Prepares a scope whose routes call `authenticate`, `readData`, `write` or `revoke`. In cookie modes cookies are
   * parsed there already.
   * @param idleCounts false: a login may be idle for as long as it lasts, so that a lookup need not note that it came.
   */
  register(scope: FastifyInstance, idleCounts: boolean): Promise<void>
  /** What a login must know before the password is checked. */
  begin(userId: string, lifetimeS: number): Promise<LoginContext>
  issue(user: User, context: LoginContext): Promise<Issued>
  /** Forgets a credential that nobody was given. Absent where nothing is kept of one. */
  withdraw?(issued: Issued): Promise<void>
  /**
   * So many logins of one user that nobody will present: what they leave on the server, and no credentials. Absent where
   * each is issued as any other.
   */
  fill?(user: User, count: number, context: LoginContext): Promise<void>
  authenticate(request: FastifyRequest): Verdict | Promise<Verdict>
  /** The strictest check that the mode has, for what matters; absent where `authenticate` is that already. */
  confirm?(request: FastifyRequest): Promise<Verdict>
  /** The data kept with the login, once `authenticate` has accepted it; undefined: none. */
  readData(request: FastifyRequest): Promise<JsonObject | undefined>
  /** @param idleS as in LoginContext. */
  write(request: FastifyRequest, data: JsonObject, idleS?: number): Promise<WriteResult>
  /**
   * A credential with a new lifetime in place of the one that `authenticate` has accepted; undefined: it ends with its
   * login, it is about to be replaced, or it was revoked. Absent where the store keeps the end.
   */
  renew?(request: FastifyRequest, idleS: number): Promise<Issued | undefined>
  /** Revokes the login that the request carries, or all of its user's. Idempotent. */
  revoke(request: FastifyRequest, scope: RevocationScope): Promise<void>
  /**
   * Voids every login of a user that exists or has begun, without a request of theirs: ban, new password, new role.
   * Resolves without effect where nobody keeps a list: such logins end at their expiry (`mode.revokes.user` says so).
   */
  revokeUser(userId: string): Promise<void>
  /** Absent where logins cannot be listed. */
  readonly listing?: LoginListing
  /** Absent where nobody counts who is logged in. */
  usersOnline?(): Promise<UsersOnline>
  /** Ends the login that a request carries without asking whose it is: a new one is about to take its place. */
  supersede(request: FastifyRequest): Promise<void>
  /** Absent where nothing goes on between requests. */
  readonly upkeep?: Upkeep
  /** `none`: nobody is asked on a lookup. */
  storeState(): Promise<'up' | 'down' | 'none'>
  close(): Promise<void>
}
