import type { Clock } from '../../clock.ts'
import { AnswerError } from '../../errors.ts'
import type { Upkeep } from '../../upkeep.ts'
import { hashSessionId, parseSessionId } from '../session-id.ts'
import type { LiveSession, Session, SessionStore, UsersOnline } from '../session-store.ts'
import { LISTED_MAX } from '../session-store.ts'
import type { SessionChange } from './change.ts'
import type { Replica } from './replica.ts'
import type { Replication } from './replication.ts'

/** The idle time is told to the other nodes when this share of it has passed. */
const TELL_AFTER = 0.1

/**
 * Sessions in the memory of every node: a lookup asks nobody, a change is acknowledged when every reachable node has
 * it. A node that may have missed something answers `stale` until it has caught up.
 */
export class ReplicatedStore implements SessionStore {
  readonly #nodeId: string
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #replica: Replica
  readonly #replication: Replication
  readonly upkeep: Upkeep

  readonly listing = {
    list: async (userId: string) => this.#list(userId),
    familyOf: async (userId: string, handle: string) => this.#own(userId, handle)?.family,
    end: async (userId: string, handle: string) => this.#end(userId, handle),
  }

  constructor(parts: {
    nodeId: string
    clock: Clock
    idleMs: number
    replica: Replica
    replication: Replication
  }) {
    this.#nodeId = parts.nodeId
    this.#clock = parts.clock
    this.#idleMs = parts.idleMs
    this.#replica = parts.replica
    this.#replication = parts.replication
    this.upkeep = parts.replication
  }

  async epochOf(userId: string): Promise<number> {
    this.#demandCurrent()
    return this.#replica.epochOf(userId)
  }

  async create({ id, ...session }: Session): Promise<readonly string[]> {
    const key = hashSessionId(id)
    const idleDeadlineMs = this.#clock.now() + this.#idleMs
    const writer = this.#nodeId
    const change = { kind: 'session', key, ...session, idleDeadlineMs, version: 1, writer } as const
    if ((await this.#replication.publish(change)) === 'taken') return []
    // No node keeps a session that not every reachable one has room for.
    await this.#replication.publish({ kind: 'deletion', key, deadlineMs: session.deadlineMs })
    throw new AnswerError('memoryFull')
  }

  async read(id: string): Promise<Session | 'revoked' | undefined> {
    this.#demandCurrent()
    const kept = this.#replica.get(hashSessionId(id))
    if (kept === undefined) return undefined
    if (kept.epoch < this.#replica.epochOf(kept.userId)) return 'revoked'
    this.#extend(kept)
    const { userId, role, loginAt, epoch, deadlineMs, family, data } = kept
    return { id, userId, role, loginAt, epoch, deadlineMs, ...(family && { family }), ...(data && { data }) }
  }

  async update({ id, ...session }: Session): Promise<'updated' | 'gone'> {
    this.#demandCurrent()
    const present = this.#replica.get(hashSessionId(id))
    if (present === undefined) return 'gone'
    const { key, idleDeadlineMs } = present
    const version = present.version + 1
    const writer = this.#nodeId
    const change = { kind: 'session', key, ...session, idleDeadlineMs, version, writer } as const
    if ((await this.#replication.publish(change)) === 'full') throw new AnswerError('memoryFull')
    // Deleted elsewhere while the others were told: the write is gone with the session.
    return this.#replica.get(key) === undefined ? 'gone' : 'updated'
  }

  async delete(id: string): Promise<void> {
    const parsed = parseSessionId(id)
    if (parsed === undefined) return
    const key = hashSessionId(id)
    await this.#replication.publish({ kind: 'deletion', key, deadlineMs: parsed.deadlineMs })
  }

  async advanceEpoch(userId: string): Promise<void> {
    // The time, so that two nodes that advance it at once do not count to the same number.
    const epoch = Math.max(this.#replica.epochOf(userId) + 1, this.#clock.now())
    await this.#replication.publish({ kind: 'epoch', userId, epoch })
  }

  async usersOnline(): Promise<UsersOnline> {
    return { users: this.#replica.usersOnline(), scope: 'cluster' }
  }

  async ping(): Promise<'up' | 'down'> {
    return this.#replication.isCurrent ? 'up' : 'down'
  }

  close(): Promise<void> {
    return this.#replication.close()
  }

  #demandCurrent(): void {
    if (!this.#replication.isCurrent) throw new AnswerError('stale')
  }

  /** Nobody waits for it: a session that is in use is told again in a tenth of the idle time. */
  #extend({ key, idleDeadlineMs, deadlineMs }: SessionChange): void {
    const nextMs = this.#clock.now() + this.#idleMs
    if (idleDeadlineMs >= deadlineMs || nextMs - idleDeadlineMs < this.#idleMs * TELL_AFTER) return
    void this.#replication.publish({ kind: 'touch', key, idleDeadlineMs: nextMs })
  }

  #list(userId: string): LiveSession[] {
    this.#demandCurrent()
    const epoch = this.#replica.epochOf(userId)
    const sessions = this.#replica.keysOf(userId).flatMap((handle) => {
      const session = this.#replica.get(handle)
      if (session === undefined || session.epoch < epoch) return []
      return [{ handle, loginAt: session.loginAt, deadlineMs: session.deadlineMs }]
    })
    return sessions.reverse().slice(0, LISTED_MAX)
  }

  async #end(userId: string, handle: string): Promise<'ended' | 'unknown'> {
    const session = this.#own(userId, handle)
    if (session === undefined) return 'unknown'
    await this.#replication.publish({ kind: 'deletion', key: handle, deadlineMs: session.deadlineMs })
    return 'ended'
  }

  #own(userId: string, handle: string): SessionChange | undefined {
    this.#demandCurrent()
    const session = this.#replica.get(handle)
    return session?.userId === userId ? session : undefined
  }
}
