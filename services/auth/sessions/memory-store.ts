import type { Clock } from '../clock.ts'
import { AnswerError } from '../errors.ts'
import { hashSessionId } from './session-id.ts'
import type { Session, SessionStore } from './session-store.ts'

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

/** What an entry weighs beside its texts: two objects, a map slot, the hash it is found by. */
const ENTRY_OVERHEAD_BYTES = 320
/** A full store looks for expired entries at most this often: the search walks all of them. */
const SWEEP_INTERVAL_MS = 1_000

/** An estimate, in bytes of memory. Texts count two bytes a character. */
function sessionBytes(session: Session): number {
  const data = session.data === undefined ? 0 : JSON.stringify(session.data).length
  return ENTRY_OVERHEAD_BYTES + 2 * (session.userId.length + session.role.length + session.id.length + data)
}

/** Sessions in this process's memory, bounded in entries and bytes; gone with the process. */
export class MemoryStore implements SessionStore {
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #bounds: MemoryBounds
  /** In the order of login: the first is the oldest. */
  readonly #entries = new Map<string, Entry>()
  /** Users who logged out everywhere; bounded by the user directory. Sessions and epochs are lost together. */
  readonly #epochs = new Map<string, number>()
  #bytes = 0
  #evicted = 0
  #sweptAtMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, idleMs: number, bounds: MemoryBounds) {
    this.#clock = clock
    this.#idleMs = idleMs
    this.#bounds = bounds
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
    if (!this.#makeRoom(bytes)) throw new AnswerError('memoryFull')
    this.#put(key, { session, bytes, idleDeadlineMs: this.#clock.now() + this.#idleMs })
  }

  async read(id: string): Promise<Session | 'revoked' | undefined> {
    const key = hashSessionId(id)
    const entry = this.#live(key)
    if (entry === undefined) return undefined
    if (entry.session.epoch !== (this.#epochs.get(entry.session.userId) ?? 0)) return 'revoked'
    entry.idleDeadlineMs = this.#clock.now() + this.#idleMs
    return entry.session
  }

  async update(session: Session): Promise<'updated' | 'gone'> {
    const entry = this.#live(hashSessionId(session.id))
    if (entry === undefined) return 'gone'
    const bytes = sessionBytes(session)
    if (this.#bytes + bytes - entry.bytes > this.#bounds.maxBytes) throw new AnswerError('memoryFull')
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
  }

  async ping(): Promise<'up'> {
    return 'up'
  }

  async close(): Promise<void> {
    this.#entries.clear()
    this.#bytes = 0
  }

  /** The entry, unless it is absent or has expired (then it is dropped). */
  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || !isExpired(entry, this.#clock.now())) return entry
    this.#remove(key)
    return undefined
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
    if (nowMs - this.#sweptAtMs < SWEEP_INTERVAL_MS) return
    this.#sweptAtMs = nowMs
    for (const [key, entry] of this.#entries) if (isExpired(entry, nowMs)) this.#remove(key)
  }
}

function isExpired(entry: Entry, nowMs: number): boolean {
  return nowMs >= entry.idleDeadlineMs || nowMs >= entry.session.deadlineMs
}
