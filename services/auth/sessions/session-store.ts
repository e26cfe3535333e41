import type { JsonObject } from '../credentials/credential-strategy.ts'

/** One login kept on the server. Times are milliseconds since the Unix epoch. */
export interface Session {
  /** The secret the client holds (see session-id.ts); a store keeps a hash of it only. */
  readonly id: string
  readonly userId: string
  readonly role: string
  /** ISO 8601. */
  readonly loginAt: string
  /** The user's epoch when the login began; a later one voids this session. */
  readonly epoch: number
  /** Absolute end, whatever happens. */
  readonly deadlineMs: number
  readonly data?: JsonObject
}

/**
 * Where sessions live, and beside them each user's epoch.
 *
 *   login   epochOf ─► (password check) ─► create
 *   lookup  read            extends the idle time in the same round trip
 *   write   read ─► update  only if the session is still there
 *   logout  delete | advanceEpoch
 *
 * Every method rejects with AnswerError `storeUnavailable` when the store cannot be asked, within its stated time (a
 * write may then have taken effect all the same), and with `memoryFull` when there is no room for what it is to keep.
 */
export interface SessionStore {
  /** The epoch to stamp on a session of this user: read it before the password is checked. */
  epochOf(userId: string): Promise<number>
  /** Never overwrites. */
  create(session: Session): Promise<void>
  /** Absent and expired look the same; `revoked` is a session older than its user's epoch. */
  read(id: string): Promise<Session | 'revoked' | undefined>
  /** Never brings a deleted session back. The whole session is replaced: of two parallel updates the last one stays. */
  update(session: Session): Promise<'updated' | 'gone'>
  /** Idempotent. */
  delete(id: string): Promise<void>
  /** Voids every session of the user that exists or whose login has begun. Never goes back. */
  advanceEpoch(userId: string): Promise<void>
  /** Asks the store whether it answers. */
  ping(): Promise<'up' | 'down'>
  close(): Promise<void>
}
