import type { Clock } from '../clock.ts'
import type { JsonObject } from '../credentials/credential-strategy.ts'
import type { RedisConnection } from './redis-connection.ts'
import { hashSessionId, parseSessionId } from './session-id.ts'
import type { Session, SessionStore } from './session-store.ts'

/** What a key holds: the session without its id (the key has its hash, the client the rest). */
interface Stored {
  role: string
  loginAt: string
  epoch: number
  data?: JsonObject
}

// `{user}` keeps a user's keys on one slot of a Redis Cluster, so that they can be read together.
const sessionKey = (userId: string, id: string) => `stillin:session:{${userId}}:${hashSessionId(id)}`
const epochKey = (userId: string) => `stillin:epoch:{${userId}}`

/** Sessions and epochs in Redis: every lookup asks, a logout takes hold at once on every node. */
export class RedisStore implements SessionStore {
  readonly #connection: RedisConnection
  readonly #clock: Clock
  readonly #idleMs: number

  constructor(connection: RedisConnection, clock: Clock, idleMs: number) {
    this.#connection = connection
    this.#clock = clock
    this.#idleMs = idleMs
  }

  async epochOf(userId: string): Promise<number> {
    const key = epochKey(userId)
    const epoch = await this.#connection.ask(2, async (redis) => {
      const [, value] = await Promise.all([redis.setnx(key, this.#newEpoch()), redis.get(key)])
      return value
    })
    return Number(epoch)
  }

  async create(session: Session): Promise<void> {
    const key = sessionKey(session.userId, session.id)
    const ttlMs = this.#remainingMs(session.deadlineMs)
    if (ttlMs <= 0) return
    const value = serialise(session)
    const answer = await this.#connection.ask(1, (redis) => redis.set(key, value, 'PX', ttlMs, 'NX'))
    if (answer === null) throw new Error('a session id was drawn twice')
  }

  async read(id: string): Promise<Session | 'revoked' | undefined> {
    const parsed = parseSessionId(id)
    if (parsed === undefined) return undefined
    const { userId, deadlineMs } = parsed
    const ttlMs = this.#remainingMs(deadlineMs)
    if (ttlMs <= 0) return undefined
    const [value, epoch] = await this.#connection.ask(2, (redis) =>
      Promise.all([redis.getex(sessionKey(userId, id), 'PX', ttlMs), redis.get(epochKey(userId))]),
    )
    if (value === null) return undefined
    const stored = JSON.parse(value) as Stored
    // An epoch that was lost refuses: nobody can tell what it had voided.
    if (epoch === null || Number(epoch) !== stored.epoch) return 'revoked'
    return { id, userId, deadlineMs, ...stored }
  }

  async update(session: Session): Promise<'updated' | 'gone'> {
    const key = sessionKey(session.userId, session.id)
    const ttlMs = this.#remainingMs(session.deadlineMs)
    if (ttlMs <= 0) return 'gone'
    const value = serialise(session)
    const answer = await this.#connection.ask(1, (redis) => redis.set(key, value, 'PX', ttlMs, 'XX'))
    return answer === null ? 'gone' : 'updated'
  }

  async delete(id: string): Promise<void> {
    const parsed = parseSessionId(id)
    if (parsed === undefined) return
    await this.#connection.ask(1, (redis) => redis.del(sessionKey(parsed.userId, id)))
  }

  async advanceEpoch(userId: string): Promise<void> {
    const key = epochKey(userId)
    await this.#connection.ask(2, (redis) =>
      Promise.all([redis.setnx(key, this.#newEpoch()), redis.incr(key)]),
    )
  }

  ping(): Promise<'up' | 'down'> {
    return this.#connection.ping()
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  /** Above every epoch ever counted up from an earlier one, so that an epoch lost with its key never comes again. */
  #newEpoch(): number {
    return Date.now()
  }

  #remainingMs(deadlineMs: number): number {
    return Math.min(this.#idleMs, deadlineMs - this.#clock.now())
  }
}

function serialise(session: Session): string {
  const { role, loginAt, epoch, data } = session
  return JSON.stringify({ role, loginAt, epoch, data })
}
