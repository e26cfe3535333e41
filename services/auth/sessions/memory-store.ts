import type { Clock } from '../clock.ts'
import { AnswerError } from '../errors.ts'
import { type MemoryBounds, MemoryEntries } from './memory-entries.ts'
import { sessionBytes } from './session-bytes.ts'
import { hashSessionId } from './session-id.ts'
import type { LiveSession, Session, SessionLimits, SessionStore, UsersOnline } from './session-store.ts'
import { LISTED_MAX, NO_LIMITS } from './session-store.ts'
import { NO_SURPLUS, type Surplus, surplusOf } from './surplus.ts'

/** Sessions in this process's memory, bounded in entries and bytes; gone with the process. */
export class MemoryStore implements SessionStore {
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #limits: SessionLimits
  readonly #entries: MemoryEntries
  /** Users who logged out everywhere; bounded by the user directory. Sessions and epochs are lost together. */
  readonly #epochs = new Map<string, number>()

  readonly listing = {
    list: async (userId: string) => this.#list(userId),
    familyOf: async (userId: string, handle: string) => this.#own(userId, handle)?.family,
    end: async (userId: string, handle: string) => this.#end(userId, handle),
  }

  constructor(clock: Clock, idleMs: number, bounds: MemoryBounds, limits: SessionLimits = NO_LIMITS) {
    this.#clock = clock
    this.#idleMs = idleMs
    this.#limits = limits
    this.#entries = new MemoryEntries(clock, bounds)
  }

  get usage(): { held: number; bytes: number; evicted: number } {
    return this.#entries.usage
  }

  async epochOf(userId: string): Promise<number> {
    return this.#epochs.get(userId) ?? 0
  }

  async create(session: Session): Promise<readonly string[]> {
    const key = hashSessionId(session.id)
    const bytes = sessionBytes(session)
    const isVoid = this.#isVoid(session)
    const { keys, families } = isVoid ? NO_SURPLUS : this.#surplus(session)
    if (!this.#entries.makeRoom(bytes)) throw new AnswerError('memoryFull')
    for (const oldest of keys) this.#entries.remove(oldest)
    this.#entries.put(key, { session, bytes, idleDeadlineMs: this.#clock.now() + this.#idleMs })
    if (!isVoid) this.#entries.index.add(session.userId, key)
    return families
  }

  async read(id: string): Promise<Session | 'revoked' | undefined> {
    const entry = this.#entries.live(hashSessionId(id))
    if (entry === undefined) return undefined
    if (this.#isVoid(entry.session)) return 'revoked'
    // Never earlier than it was: a clock that was slow for a while ends nothing once it is right again.
    entry.idleDeadlineMs = Math.max(entry.idleDeadlineMs, this.#clock.now() + this.#idleMs)
    return entry.session
  }

  async update(session: Session): Promise<'updated' | 'gone'> {
    const entry = this.#entries.live(hashSessionId(session.id))
    if (entry === undefined) return 'gone'
    if (!this.#entries.resize(entry, session, sessionBytes(session))) throw new AnswerError('memoryFull')
    return 'updated'
  }

  async delete(id: string): Promise<void> {
    this.#entries.remove(hashSessionId(id))
  }

  async advanceEpoch(userId: string): Promise<void> {
    this.#epochs.set(userId, (this.#epochs.get(userId) ?? 0) + 1)
    this.#entries.index.forget(userId)
  }

  async usersOnline(): Promise<UsersOnline> {
    const users = new Set<string>()
    for (const { session } of this.#entries.allLive()) if (!this.#isVoid(session)) users.add(session.userId)
    return { users: users.size, scope: 'node' }
  }

  async ping(): Promise<'up'> {
    return 'up'
  }

  async close(): Promise<void> {
    this.#entries.clear()
  }

  /** Has its user logged out everywhere since? */
  #isVoid({ userId, epoch }: Session): boolean {
    return epoch !== (this.#epochs.get(userId) ?? 0)
  }

  /**
   * The sessions that end for a new one of this user.
   * @throws AnswerError sessionLimit, usersOnlineLimit
   */
  #surplus({ userId, family }: Session): Surplus {
    const { perUser, atPerUser, usersOnline } = this.#limits
    const { index } = this.#entries
    if (usersOnline !== undefined && !index.has(userId) && index.users >= usersOnline) {
      this.#entries.sweep()
      if (index.users >= usersOnline) throw new AnswerError('usersOnlineLimit')
    }
    if (perUser === undefined) return NO_SURPLUS
    const [own, live] = [index.keysOf(userId), this.#entries.liveKeys(userId)]
    if (live.length >= perUser && atPerUser === 'refuse') throw new AnswerError('sessionLimit')
    // Also what is over by this clock: should it be wrong, there would be more than the limit once it is right.
    const over = own.filter((key) => !live.includes(key))
    const sessions = live.map((key) => [key, this.#entries.live(key)?.session ?? {}] as const)
    const { keys, families } = surplusOf(sessions, perUser, family)
    return { keys: [...over, ...keys], families }
  }

  #list(userId: string): LiveSession[] {
    const newest = this.#entries.liveKeys(userId).reverse().slice(0, LISTED_MAX)
    return newest.flatMap((handle) => {
      const session = this.#entries.live(handle)?.session
      return session ? [{ handle, loginAt: session.loginAt, deadlineMs: session.deadlineMs }] : []
    })
  }

  #end(userId: string, handle: string): 'ended' | 'unknown' {
    if (this.#own(userId, handle) === undefined) return 'unknown'
    this.#entries.remove(handle)
    return 'ended'
  }

  #own(userId: string, handle: string): Session | undefined {
    const session = this.#entries.live(handle)?.session
    return session?.userId === userId ? session : undefined
  }
}
