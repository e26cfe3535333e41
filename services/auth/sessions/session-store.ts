import type { JsonObject } from '../credentials/credential-strategy.ts'
import type { Upkeep } from '../upkeep.ts'

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
  /** The refresh tokens it came with, as their store knows them; absent unless they are kept in one. */
  readonly family?: string
  readonly data?: JsonObject
}

/** What a user is shown of a session. */
export interface LiveSession {
  /** Names the session and opens nothing: what the store knows it by. */
  readonly handle: string
  /** ISO 8601. */
  readonly loginAt: string
  readonly deadlineMs: number
}

/** An index of sessions by user. For looking only: what is revoked is decided by the epoch. */
export interface SessionListing {
  /** Live sessions, the newest first, at most LISTED_MAX. */
  list(userId: string): Promise<readonly LiveSession[]>
  /** Of a session of this user; undefined: there is no such session, or it has none. */
  familyOf(userId: string, handle: string): Promise<string | undefined>
  /** Ends a session of this user; `unknown`: the user has none with this handle. */
  end(userId: string, handle: string): Promise<'ended' | 'unknown'>
}

/** How many users have a session: in this node's memory, or in the store that all nodes share. */
export interface UsersOnline {
  readonly users: number
  readonly scope: 'node' | 'cluster'
}

/** How many sessions there may be, checked in the same step that creates one; undefined: any number. */
export interface SessionLimits {
  readonly perUser?: number | undefined
  /** At a user's limit: the session that would end first is ended, or the new one is refused. */
  readonly atPerUser: 'end-oldest' | 'refuse'
  /** Users with a session at the same time. */
  readonly usersOnline?: number | undefined
}

/** How many sessions a listing shows. */
export const LISTED_MAX = 100

export const NO_LIMITS: SessionLimits = { atPerUser: 'end-oldest' }

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
  /**
   * Never overwrites.
   * @returns the families that are to end with the sessions that a limit has ended for this one.
   * @throws AnswerError sessionLimit or usersOnlineLimit, where the store was given limits.
   */
  create(session: Session): Promise<readonly string[]>
  /**
   * Sessions that are alike but for their ids, as `create` would make them one after the other, in one step. Absent
   * where that is no cheaper.
   */
  createAlike?(session: Omit<Session, 'id'>, ids: readonly string[]): Promise<void>
  /** Absent and expired look the same; `revoked` is a session older than its user's epoch. */
  read(id: string): Promise<Session | 'revoked' | undefined>
  /** The same without beginning the idle time anew. Absent where that costs nothing. */
  look?(id: string): Promise<Session | 'revoked' | undefined>
  /** Never brings a deleted session back. The whole session is replaced: of two parallel updates the last one stays. */
  update(session: Session): Promise<'updated' | 'gone'>
  /** Idempotent. */
  delete(id: string): Promise<void>
  /** Voids every session of the user that exists or whose login has begun. Never goes back. */
  advanceEpoch(userId: string): Promise<void>
  /** Absent where sessions cannot be listed by user. */
  readonly listing?: SessionListing
  /** Users with a session that has not reached its deadline. Absent where nobody counts them. */
  usersOnline?(): Promise<UsersOnline>
  /** Absent where nothing goes on between requests. */
  readonly upkeep?: Upkeep
  /** Asks the store whether it answers. */
  ping(): Promise<'up' | 'down'>
  close(): Promise<void>
}

/** How a lookup asks the store. @param idleCounts false: it need not begin the idle time anew. */
export function findIn(store: SessionStore, idleCounts: boolean): SessionStore['read'] {
  return idleCounts || store.look === undefined ? store.read.bind(store) : store.look.bind(store)
}
