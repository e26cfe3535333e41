import { SESSION_KEY_PREFIXES } from '#contract/stores.ts'
import type { Clock } from '../clock.ts'
import type { JsonObject } from '../credentials/credential-strategy.ts'
import { AnswerError } from '../errors.ts'
import type { RedisConnection } from './redis-connection.ts'
import { ADVANCE_EPOCH, CREATE, CREATE_ALIKE, DELETE, LIST } from './redis-session-index.ts'
import { hashSessionId, parseSessionId } from './session-id.ts'
import type { LiveSession, Session, SessionLimits, SessionStore, UsersOnline } from './session-store.ts'
import { LISTED_MAX, NO_LIMITS } from './session-store.ts'

/** What a key holds: the session without its id (the key has its hash, the client the rest). */
export interface StoredSession {
  role: string
  loginAt: string
  epoch: number
  family?: string
  data?: JsonObject
}

// `{user}` keeps a user's keys on one slot of a Redis Cluster, so that they can be read together.
export const sessionPrefix = (userId: string) => `${SESSION_KEY_PREFIXES.ours}{${userId}}:`
export const sessionKey = (userId: string, id: string) => `${sessionPrefix(userId)}${hashSessionId(id)}`
/** The hash of the session's id in the key of a session. */
export const hashInKey = (key: string) => key.slice(key.lastIndexOf(':') + 1)
export const epochKey = (userId: string) => `stillin:epoch:{${userId}}`
export const indexKey = (userId: string) => `stillin:sessions:{${userId}}`
/** Users with a session, scored by the latest deadline. One key for everybody: a Redis Cluster would need it apart. */
const ONLINE_KEY = 'stillin:online'

/** Sessions and epochs in Redis: every lookup asks, a logout takes hold at once on every node. */
export class RedisStore implements SessionStore {
  readonly #connection: RedisConnection
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #limits: SessionLimits
  readonly listing = {
    list: (userId: string) => this.#list(userId),
    familyOf: (userId: string, handle: string) => this.#familyOf(userId, handle),
    end: (userId: string, handle: string) => this.#end(userId, handle),
  }

  constructor(connection: RedisConnection, clock: Clock, idleMs: number, limits = NO_LIMITS) {
    this.#connection = connection
    this.#clock = clock
    this.#idleMs = idleMs
    this.#limits = limits
  }

  async epochOf(userId: string): Promise<number> {
    const key = epochKey(userId)
    const epoch = await this.#connection.ask(2, async (redis) => {
      const [, value] = await Promise.all([redis.setnx(key, this.#newEpoch()), redis.get(key)])
      return value
    })
    return Number(epoch)
  }

  async create(session: Session): Promise<readonly string[]> {
    const { id, userId, deadlineMs, epoch, family = '' } = session
    const ttlMs = this.#remainingMs(deadlineMs)
    if (ttlMs <= 0) return []
    const { perUser = 0, atPerUser, usersOnline = 0 } = this.#limits
    const keys = [sessionKey(userId, id), indexKey(userId), epochKey(userId), ONLINE_KEY]
    const facts = [serialise(session), ttlMs, hashSessionId(id), deadlineMs, this.#clock.now(), epoch]
    const limits = [perUser, atPerUser, usersOnline, userId, sessionPrefix(userId), family]
    const answer = await this.#connection.ask(1, (redis) => CREATE.run(redis, keys, [...facts, ...limits]))
    if (answer === 'taken') throw new Error('a session id was drawn twice')
    if (answer === 'limit') throw new AnswerError('sessionLimit')
    if (answer === 'users') throw new AnswerError('usersOnlineLimit')
    return Array.isArray(answer) ? answer.slice(1) : []
  }

  async createAlike(session: Omit<Session, 'id'>, ids: readonly string[]): Promise<void> {
    const { perUser, usersOnline } = this.#limits
    if (perUser !== undefined || usersOnline !== undefined) {
      for (const id of ids) await this.create({ id, ...session })
      return
    }
    const { userId, deadlineMs, epoch } = session
    const ttlMs = this.#remainingMs(deadlineMs)
    if (ttlMs <= 0) return
    const hashes = ids.map(hashSessionId)
    const own = hashes.map((hash) => sessionPrefix(userId) + hash)
    const keys = [indexKey(userId), epochKey(userId), ONLINE_KEY, ...own]
    const facts = [serialise(session), ttlMs, deadlineMs, this.#clock.now(), epoch, userId]
    const answer = await this.#connection.ask(1, (redis) =>
      CREATE_ALIKE.run(redis, keys, [...facts, ...hashes]),
    )
    if (answer === 'taken') throw new Error('a session id was drawn twice')
  }

  read(id: string): Promise<Session | 'revoked' | undefined> {
    return this.#find(id, (key, userKey, ttlMs) =>
      this.#connection.ask(2, (redis) => Promise.all([redis.getex(key, 'PX', ttlMs), redis.get(userKey)])),
    )
  }

  look(id: string): Promise<Session | 'revoked' | undefined> {
    return this.#find(id, (key, userKey) => this.#connection.ask(1, (redis) => redis.mget(key, userKey)))
  }

  async #find(
    id: string,
    ask: (key: string, userKey: string, ttlMs: number) => Promise<(string | null)[]>,
  ): Promise<Session | 'revoked' | undefined> {
    const parsed = parseSessionId(id)
    if (parsed === undefined) return undefined
    const { userId, deadlineMs } = parsed
    const ttlMs = this.#remainingMs(deadlineMs)
    if (ttlMs <= 0) return undefined
    const [value = null, epoch = null] = await ask(sessionKey(userId, id), epochKey(userId), ttlMs)
    if (value === null) return undefined
    const stored = JSON.parse(value) as StoredSession
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
    if (parsed !== undefined) await this.#end(parsed.userId, hashSessionId(id))
  }

  async advanceEpoch(userId: string): Promise<void> {
    const keys = [epochKey(userId), indexKey(userId), ONLINE_KEY]
    await this.#connection.ask(1, (redis) => ADVANCE_EPOCH.run(redis, keys, [this.#newEpoch(), userId]))
  }

  async usersOnline(): Promise<UsersOnline> {
    const nowMs = this.#clock.now()
    const users = await this.#connection.ask(1, (redis) => redis.zcount(ONLINE_KEY, `(${nowMs}`, '+inf'))
    return { users, scope: 'cluster' }
  }

  ping(): Promise<'up' | 'down'> {
    return this.#connection.ping()
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  async #list(userId: string): Promise<LiveSession[]> {
    const values = [sessionPrefix(userId), LISTED_MAX]
    const flat = await this.#connection.ask(1, (redis) => LIST.run(redis, [indexKey(userId)], values))
    const [entries, nowMs] = [flat as string[], this.#clock.now()]
    const sessions: LiveSession[] = []
    for (let place = 0; place + 2 < entries.length; place += 3) {
      const [handle = '', deadline, value = ''] = entries.slice(place, place + 3)
      const { loginAt } = JSON.parse(value) as StoredSession
      if (Number(deadline) > nowMs) sessions.push({ handle, loginAt, deadlineMs: Number(deadline) })
    }
    return sessions
  }

  async #familyOf(userId: string, handle: string): Promise<string | undefined> {
    const value = await this.#connection.ask(1, (redis) => redis.get(sessionPrefix(userId) + handle))
    return value === null ? undefined : (JSON.parse(value) as StoredSession).family
  }

  async #end(userId: string, handle: string): Promise<'ended' | 'unknown'> {
    const keys = [sessionPrefix(userId) + handle, indexKey(userId), ONLINE_KEY]
    const gone = await this.#connection.ask(1, (redis) => DELETE.run(redis, keys, [handle, userId]))
    return gone === 1 ? 'ended' : 'unknown'
  }

  /** Above every epoch ever counted up from an earlier one, so that an epoch lost with its key never comes again. */
  #newEpoch(): number {
    return Date.now()
  }

  #remainingMs(deadlineMs: number): number {
    return Math.min(this.#idleMs, deadlineMs - this.#clock.now())
  }
}

function serialise(session: Omit<Session, 'id'>): string {
  const { role, loginAt, epoch, family, data } = session
  return JSON.stringify({ role, loginAt, epoch, family, data })
}
