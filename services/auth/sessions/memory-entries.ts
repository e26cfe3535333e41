import { CLOCK_SLACK_MS, type Clock } from '../clock.ts'
import type { Session } from './session-store.ts'
import { UserIndex } from './user-index.ts'

export interface MemoryBounds {
  maxSessions: number
  /** Over an estimate of each session's size, see `sessionBytes`. */
  maxBytes: number
  /** `refuse`: logins answer 503 until there is room. `evict-oldest`: the oldest logins are logged out. */
  whenFull: 'refuse' | 'evict-oldest'
}

export interface Entry {
  session: Session
  idleDeadlineMs: number
  bytes: number
}

/** A full table looks for expired entries at most this often: the search walks all of them. */
const SWEEP_INTERVAL_MS = 1_000

/** Sessions of one process by the hash of their ids, in the order of login, bounded in number and bytes. */
export class MemoryEntries {
  /** Sessions that no epoch has voided. */
  readonly index = new UserIndex()
  readonly #clock: Clock
  readonly #bounds: MemoryBounds
  readonly #entries = new Map<string, Entry>()
  #bytes = 0
  #evicted = 0
  #sweptAtMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, bounds: MemoryBounds) {
    this.#clock = clock
    this.#bounds = bounds
  }

  get usage(): { held: number; bytes: number; evicted: number } {
    return { held: this.#entries.size, bytes: this.#bytes, evicted: this.#evicted }
  }

  /**
   * The entry, unless it is absent or has expired. What has expired is dropped where room is needed, or when it has been
   * over for so long that no clock is to blame.
   */
  live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    const nowMs = this.#clock.now()
    if (entry === undefined || !isExpired(entry, nowMs)) return entry
    if (isExpired(entry, nowMs - CLOCK_SLACK_MS)) this.remove(key)
    return undefined
  }

  *allLive(): Generator<Entry> {
    const nowMs = this.#clock.now()
    for (const entry of this.#entries.values()) if (!isExpired(entry, nowMs)) yield entry
  }

  /** Keys of a user's sessions that no epoch has voided and that are not over, the oldest first. */
  liveKeys(userId: string): string[] {
    return this.index.keysOf(userId).filter((key) => this.live(key) !== undefined)
  }

  put(key: string, entry: Entry): void {
    this.#entries.set(key, entry)
    this.#bytes += entry.bytes
  }

  remove(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
    this.index.remove(entry.session.userId, key)
  }

  /** False when there is no room and none may be made. */
  makeRoom(bytes: number): boolean {
    const { maxSessions, maxBytes, whenFull } = this.#bounds
    // Nobody is logged out for one that would not fit into an empty store.
    if (bytes > maxBytes) return false
    const fits = () => this.#entries.size < maxSessions && this.#bytes + bytes <= maxBytes
    if (!fits()) this.sweep()
    if (whenFull === 'refuse') return fits()
    for (const key of this.#entries.keys()) {
      if (fits()) break
      this.remove(key)
      this.#evicted += 1
    }
    return fits()
  }

  /** Gives an entry another session and size; false where that finds no room. Logs nobody out for it. */
  resize(entry: Entry, session: Session, bytes: number): boolean {
    const fits = () => this.#bytes + bytes - entry.bytes <= this.#bounds.maxBytes
    if (!fits()) this.sweep()
    if (!fits()) return false
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
    entry.session = session
    return true
  }

  sweep(): void {
    const nowMs = this.#clock.now()
    if (Math.abs(nowMs - this.#sweptAtMs) < SWEEP_INTERVAL_MS) return
    this.#sweptAtMs = nowMs
    for (const [key, entry] of this.#entries) if (isExpired(entry, nowMs)) this.remove(key)
  }

  clear(): void {
    this.#entries.clear()
    this.index.clear()
    this.#bytes = 0
  }
}

function isExpired(entry: Entry, nowMs: number): boolean {
  return nowMs >= entry.idleDeadlineMs || nowMs >= entry.session.deadlineMs
}
