import { CLOCK_SLACK_MS, type Clock } from '../clock.ts'
import { AnswerError } from '../errors.ts'
import { sessionBytes } from './session-bytes.ts'
import { hashSessionId } from './session-id.ts'
import type { LiveSession, Session, SessionLimits, SessionStore, UsersOnline } from './session-store.ts'
import { LISTED_MAX, NO_LIMITS } from './session-store.ts'
import { UserIndex } from './user-index.ts'

export interface MemoryBounds {
  maxSessions: number
  /** Over an estimate of each session's size, see `sessionBytes`. */
  maxBytes: number
  /** `refuse`: logins answer 503 until there is room. `evict-oldest`: the oldest logins are logged out. */
  whenFull: 'refuse' | 'evict-oldest'
}

interface Entry {
  session: Session
  idleDeadlineMs: number
  bytes: number
}

/** A full store looks for expired entries at most this often: the search walks all of them. */
const SWEEP_INTERVAL_MS = 1_000

/** Sessions in this process's memory, bounded in entries and bytes; gone with the process. */
export class MemoryStore implements SessionStore {
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #bounds: MemoryBounds
  readonly #limits: SessionLimits
  /** In the order of login: the first is the oldest. */
  readonly #entries = new Map<string, Entry>()
  /** Users who logged out everywhere; bounded by the user directory. Sessions and epochs are lost together. */
  readonly #epochs = new Map<string, number>()
  /** Sessions that no epoch has voided. */
  readonly #index = new UserIndex()
  #bytes = 0
  #evicted = 0
  #sweptAtMs = Number.NEGATIVE_INFINITY

  readonly listing = {
    list: async (userId: string) => this.#list(userId),
    end: async (userId: string, handle: string) => this.#end(userId, handle),
  }

  constructor(clock: Clock, idleMs: number, bounds: MemoryBounds, limits: SessionLimits = NO_LIMITS) {
    this.#clock = clock
    this.#idleMs = idleMs
    this.#bounds = bounds
    this.#limits = limits
  }

  get usage(): { held: number; bytes: number; evicted: number } {
    return { held: this.#entries.size, bytes: this.#bytes, evicted: this.#evicted }
  }

  async epochOf(userId: string): Promise<number> {
    return this.#epochs.get(userId) ?? 0
  }

  async create(session: Session): Promise<void> {
    const key = hashSessionId(session.id)
    const bytes = sessionBytes(session)
    const isVoid = this.#isVoid(session)
    const surplus = isVoid ? [] : this.#surplus(session.userId)
    if (!this.#makeRoom(bytes)) throw new AnswerError('memoryFull')
    for (const oldest of surplus) this.#remove(oldest)
    this.#put(key, { session, bytes, idleDeadlineMs: this.#clock.now() + this.#idleMs })
    if (!isVoid) this.#index.add(session.userId, key)
  }

  async read(id: string): Promise<Session | 'revoked' | undefined> {
    const key = hashSessionId(id)
    const entry = this.#live(key)
    if (entry === undefined) return undefined
    if (this.#isVoid(entry.session)) return 'revoked'
    // Never earlier than it was: a clock that was slow for a while ends nothing once it is right again.
    entry.idleDeadlineMs = Math.max(entry.idleDeadlineMs, this.#clock.now() + this.#idleMs)
    return entry.session
  }

  async update(session: Session): Promise<'updated' | 'gone'> {
    const entry = this.#live(hashSessionId(session.id))
    if (entry === undefined) return 'gone'
    const bytes = sessionBytes(session)
    const fits = () => this.#bytes + bytes - entry.bytes <= this.#bounds.maxBytes
    if (!fits()) this.#sweep()
    if (!fits()) throw new AnswerError('memoryFull')
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
    entry.session = session
    return 'updated'
  }

  async delete(id: string): Promise<void> {
    this.#remove(hashSessionId(id))
  }

  async advanceEpoch(userId: string): Promise<void> {
    this.#epochs.set(userId, (this.#epochs.get(userId) ?? 0) + 1)
    this.#index.forget(userId)
  }

  async usersOnline(): Promise<UsersOnline> {
    const nowMs = this.#clock.now()
    const users = new Set<string>()
    for (const entry of this.#entries.values())
      if (!isExpired(entry, nowMs) && !this.#isVoid(entry.session)) users.add(entry.session.userId)
    return { users: users.size, scope: 'node' }
  }

  async ping(): Promise<'up'> {
    return 'up'
  }

  async close(): Promise<void> {
    this.#entries.clear()
    this.#index.clear()
    this.#bytes = 0
  }

  /**
   * The entry, unless it is absent or has expired. What has expired is dropped where room is needed, or when it has been
   * over for so long that no clock is to blame.
   */
  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    const nowMs = this.#clock.now()
    if (entry === undefined || !isExpired(entry, nowMs)) return entry
    if (isExpired(entry, nowMs - CLOCK_SLACK_MS)) this.#remove(key)
    return undefined
  }

  /** Has its user logged out everywhere since? */
  #isVoid({ userId, epoch }: Session): boolean {
    return epoch !== (this.#epochs.get(userId) ?? 0)
  }

  #put(key: string, entry: Entry): void {
    this.#entries.set(key, entry)
    this.#bytes += entry.bytes
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
    this.#index.remove(entry.session.userId, key)
  }

  #liveKeys(userId: string): string[] {
    return this.#index.keysOf(userId).filter((key) => this.#live(key) !== undefined)
  }

  /**
   * The sessions that end for a new one of this user.
   * @throws AnswerError sessionLimit, usersOnlineLimit
   */
  #surplus(userId: string): string[] {
    const { perUser, atPerUser, usersOnline } = this.#limits
    if (usersOnline !== undefined && !this.#index.has(userId) && this.#index.users >= usersOnline) {
      this.#sweep()
      if (this.#index.users >= usersOnline) throw new AnswerError('usersOnlineLimit')
    }
    if (perUser === undefined) return []
    const [own, live] = [this.#index.keysOf(userId), this.#liveKeys(userId)]
    if (live.length >= perUser && atPerUser === 'refuse') throw new AnswerError('sessionLimit')
    // Also what is over by this clock: should it be wrong, there would be more than the limit once it is right.
    const over = own.filter((key) => !live.includes(key))
    return [...over, ...live.slice(0, Math.max(0, live.length - perUser + 1))]
  }

  #list(userId: string): LiveSession[] {
    const newest = this.#liveKeys(userId).reverse().slice(0, LISTED_MAX)
    return newest.flatMap((handle) => {
      const session = this.#entries.get(handle)?.session
      return session ? [{ handle, loginAt: session.loginAt, deadlineMs: session.deadlineMs }] : []
    })
  }

  #end(userId: string, handle: string): 'ended' | 'unknown' {
    if (this.#live(handle)?.session.userId !== userId) return 'unknown'
    this.#remove(handle)
    return 'ended'
  }

  /** False when there is no room and none may be made. */
  #makeRoom(bytes: number): boolean {
    const { maxSessions, maxBytes, whenFull } = this.#bounds
    // Nobody is logged out for one that would not fit into an empty store.
    if (bytes > maxBytes) return false
    const fits = () => this.#entries.size < maxSessions && this.#bytes + bytes <= maxBytes
    if (!fits()) this.#sweep()
    if (whenFull === 'refuse') return fits()
    for (const key of this.#entries.keys()) {
      if (fits()) break
      this.#remove(key)
      this.#evicted += 1
    }
    return fits()
  }

  #sweep(): void {
    const nowMs = this.#clock.now()
    if (Math.abs(nowMs - this.#sweptAtMs) < SWEEP_INTERVAL_MS) return
    this.#sweptAtMs = nowMs
    for (const [key, entry] of this.#entries) if (isExpired(entry, nowMs)) this.#remove(key)
  }
}

function isExpired(entry: Entry, nowMs: number): boolean {
  return nowMs >= entry.idleDeadlineMs || nowMs >= entry.session.deadlineMs
}
