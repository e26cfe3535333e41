import { CLOCK_SLACK_MS, type Clock } from '../../clock.ts'
import type { MemoryBounds } from '../memory-entries.ts'
import { UserIndex } from '../user-index.ts'
import type { Change, SessionChange } from './change.ts'

/** What an entry weighs beside its texts. */
const ENTRY_OVERHEAD_BYTES = 320
const SWEEP_INTERVAL_MS = 1_000

function sessionBytes({ key, userId, role, family = '', data }: SessionChange): number {
  const dataLength = data === undefined ? 0 : JSON.stringify(data).length
  return ENTRY_OVERHEAD_BYTES + 2 * (key.length + userId.length + role.length + family.length + dataLength)
}

interface Entry {
  session: SessionChange
  bytes: number
}

/**
 * One node's copy of all sessions. Changes may come in any order and more than once: copies that have seen the same
 * changes hold the same sessions. A deletion leaves a tombstone until the session would have ended anyway, so that
 * no late write brings it back; tombstones are bounded in number as sessions are.
 */
export class Replica {
  readonly #clock: Clock
  readonly #bounds: MemoryBounds
  readonly #entries = new Map<string, Entry>()
  /** Key of a deleted session → when it would have ended. */
  readonly #tombstones = new Map<string, number>()
  readonly #epochs = new Map<string, number>()
  readonly #index = new UserIndex()
  #bytes = 0
  #tombstonesDropped = 0
  #sweptAtMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, bounds: MemoryBounds) {
    this.#clock = clock
    this.#bounds = bounds
  }

  get usage() {
    return {
      held: this.#entries.size,
      bytes: this.#bytes,
      tombstones: this.#tombstones.size,
      /** Given up at the bound before their time: a late write could bring such a session back. */
      tombstonesDropped: this.#tombstonesDropped,
    }
  }

  /** How many users have a live session. Walks all of them. */
  usersOnline(): number {
    const users = new Set<string>()
    for (const { session } of this.#entries.values())
      if (!this.#isOver(session) && session.epoch >= this.epochOf(session.userId)) users.add(session.userId)
    return users.size
  }

  epochOf(userId: string): number {
    return this.#epochs.get(userId) ?? 0
  }

  /** The live session of this key. What is over is dropped later: other copies have it, and this clock may be wrong. */
  get(key: string): SessionChange | undefined {
    const session = this.#entries.get(key)?.session
    if (session === undefined || !this.#isOver(session)) return session
    if (this.#isOver(session, CLOCK_SLACK_MS)) this.#remove(key)
    return undefined
  }

  /** Keys of a user's live sessions, the oldest first. */
  keysOf(userId: string): string[] {
    return this.#index.keysOf(userId).filter((key) => this.get(key) !== undefined)
  }

  /** `full`: there is no room for the session; everything else always finds room. */
  apply(change: Change): 'applied' | 'ignored' | 'full' {
    switch (change.kind) {
      case 'session':
        return this.#put(change)
      case 'deletion':
        return this.#bury(change.key, change.deadlineMs)
      case 'touch':
        return this.#touch(change.key, change.idleDeadlineMs)
      case 'epoch':
        if (change.epoch <= this.epochOf(change.userId)) return 'ignored'
        this.#epochs.set(change.userId, change.epoch)
        return 'applied'
    }
  }

  /** Everything another node needs to be a copy of this one; deletions before sessions. */
  *changes(): Generator<Change> {
    for (const [userId, epoch] of this.#epochs) yield { kind: 'epoch', userId, epoch }
    for (const [key, deadlineMs] of this.#tombstones) yield { kind: 'deletion', key, deadlineMs }
    for (const { session } of this.#entries.values())
      if (!this.#isOver(session, CLOCK_SLACK_MS)) yield session
  }

  #put(next: SessionChange): 'applied' | 'ignored' | 'full' {
    if (this.#tombstones.has(next.key) || this.#isOver(next, CLOCK_SLACK_MS)) return 'ignored'
    const entry = this.#entries.get(next.key)
    if (entry !== undefined && !isNewer(next, entry.session)) return 'ignored'
    const bytes = sessionBytes(next)
    if (!this.#hasRoom(bytes - (entry?.bytes ?? 0), entry === undefined ? 1 : 0)) return 'full'
    const idleDeadlineMs = Math.max(next.idleDeadlineMs, entry?.session.idleDeadlineMs ?? 0)
    this.#entries.set(next.key, { session: { ...next, idleDeadlineMs }, bytes })
    this.#bytes += bytes - (entry?.bytes ?? 0)
    if (entry === undefined) this.#index.add(next.userId, next.key)
    return 'applied'
  }

  #bury(key: string, deadlineMs: number): 'applied' | 'ignored' {
    this.#remove(key)
    if (deadlineMs + CLOCK_SLACK_MS <= this.#clock.now() || this.#tombstones.has(key)) return 'ignored'
    if (this.#tombstones.size >= this.#bounds.maxSessions) this.#sweep()
    const [oldest] = this.#tombstones.keys()
    if (this.#tombstones.size >= this.#bounds.maxSessions && oldest !== undefined) {
      this.#tombstones.delete(oldest)
      this.#tombstonesDropped += 1
    }
    this.#tombstones.set(key, deadlineMs)
    return 'applied'
  }

  #touch(key: string, idleDeadlineMs: number): 'applied' | 'ignored' {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.session.idleDeadlineMs >= idleDeadlineMs) return 'ignored'
    entry.session = { ...entry.session, idleDeadlineMs }
    return 'applied'
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
    this.#index.remove(entry.session.userId, key)
  }

  #hasRoom(bytes: number, sessions: number): boolean {
    const fits = () =>
      this.#entries.size + sessions <= this.#bounds.maxSessions &&
      this.#bytes + bytes <= this.#bounds.maxBytes
    if (!fits()) this.#sweep()
    return fits()
  }

  #sweep(): void {
    const nowMs = this.#clock.now()
    if (Math.abs(nowMs - this.#sweptAtMs) < SWEEP_INTERVAL_MS) return
    this.#sweptAtMs = nowMs
    for (const [key, { session }] of this.#entries) if (this.#isOver(session)) this.#remove(key)
    for (const [key, deadlineMs] of this.#tombstones) if (deadlineMs <= nowMs) this.#tombstones.delete(key)
  }

  /** @param forMs since so long, at least. */
  #isOver({ deadlineMs, idleDeadlineMs }: SessionChange, forMs = 0): boolean {
    return this.#clock.now() - forMs >= Math.min(deadlineMs, idleDeadlineMs)
  }
}

function isNewer(next: SessionChange, present: SessionChange): boolean {
  if (next.version !== present.version) return next.version > present.version
  return next.writer > present.writer
}
