import type { Clock } from '../clock.ts'
import { AnswerError } from '../errors.ts'
import type { Upkeep } from '../upkeep.ts'
import { InvalidationChannel } from './invalidation-channel.ts'
import type { RedisConnection } from './redis-connection.ts'
import type { RedisStore, StoredSession } from './redis-store.ts'
import { epochKey, hashInKey, sessionKey } from './redis-store.ts'
import { hashSessionId, parseSessionId } from './session-id.ts'
import type { Session, SessionListing, SessionStore, UsersOnline } from './session-store.ts'
import { TrackedCache } from './tracked-cache.ts'

export interface CachedRedisStoreOptions {
  readonly url: string
  readonly connection: RedisConnection
  /** Over the same connection: it writes, and it is asked where nothing is kept. */
  readonly store: RedisStore
  readonly clock: Clock
  readonly idleMs: number
  /** How stale an answer may be, ms. */
  readonly boundMs: number
  readonly timeoutMs: number
  readonly maxSessions: number
  readonly countCommands: (commands: number) => void
}

interface Kept {
  readonly session: Session
  /** Of its user's epoch. */
  readonly epochKey: string
  /** When Redis will let it expire, unless somebody extends it first. */
  readonly expiresAtMs: number
}

/** The idle time is extended when this share of it has passed: an extension invalidates the key on every node. */
const EXTEND_AFTER = 0.1

/**
 * Sessions in Redis, read from this process's memory while Redis's word of changes is known to arrive. Nothing is
 * served that was last vouched for more than `boundMs` ago; then Redis is asked, and without an answer the lookup
 * fails as `stale`.
 */
export class CachedRedisStore implements SessionStore {
  readonly listing: SessionListing
  readonly upkeep: Upkeep
  readonly #options: CachedRedisStoreOptions
  readonly #channel: InvalidationChannel
  /** By the hash of their ids. */
  readonly #sessions: TrackedCache<Kept>
  /** By their keys in Redis. */
  readonly #epochs: TrackedCache<number>

  constructor(options: CachedRedisStoreOptions) {
    this.#options = options
    this.listing = options.store.listing
    this.#sessions = new TrackedCache(options.maxSessions)
    this.#epochs = new TrackedCache(options.maxSessions)
    this.#channel = new InvalidationChannel({
      url: options.url,
      reads: options.connection,
      timeoutMs: options.timeoutMs,
      boundMs: options.boundMs,
      countCommands: options.countCommands,
      onChange: (key) => this.#forget(key),
    })
    this.upkeep = this.#channel
  }

  connect(): Promise<void> {
    return this.#channel.connect()
  }

  async read(id: string): Promise<Session | 'revoked' | undefined> {
    const isVouchedFor = this.#channel.vouches(performance.now())
    const answer = isVouchedFor ? this.#fromMemory(id) : undefined
    return answer ?? this.#fromRedis(id, isVouchedFor)
  }

  /** Nothing here is worked out that was already when the session was kept: most lookups end here. */
  #fromMemory(id: string): Session | 'revoked' | undefined {
    const kept = this.#sessions.get(hashSessionId(id))
    if (kept === undefined) return undefined
    const epoch = this.#epochs.get(kept.epochKey)
    const nowMs = this.#options.clock.now()
    if (epoch === undefined || nowMs >= kept.expiresAtMs || nowMs >= kept.session.deadlineMs) return undefined
    if (this.#isDue(kept, nowMs)) return undefined
    return epoch === kept.session.epoch ? kept.session : 'revoked'
  }

  async #fromRedis(id: string, isVouchedFor: boolean): Promise<Session | 'revoked' | undefined> {
    const parsed = parseSessionId(id)
    const nowMs = this.#options.clock.now()
    if (parsed === undefined || parsed.deadlineMs <= nowMs) return undefined
    const kept = this.#sessions.get(hashSessionId(id))
    const isDue = kept !== undefined && this.#isDue(kept, nowMs)
    try {
      return await this.#fetch(id, parsed.userId, parsed.deadlineMs, isDue)
    } catch (error) {
      throw isVouchedFor ? error : new AnswerError('stale', { cause: error })
    }
  }

  /**
   * Extends where that is due, then reads: a read after the extension is tracked again. What no copy here told to be
   * due, and is, is read twice: a use that Redis heard nothing of would be no use.
   */
  async #fetch(
    id: string,
    userId: string,
    deadlineMs: number,
    isDue: boolean,
  ): Promise<Session | 'revoked' | undefined> {
    const { connection, clock } = this.#options
    const [key, userKey] = [sessionKey(userId, id), epochKey(userId)]
    const extendMs = isDue ? this.#remainingMs(deadlineMs) : undefined
    const mayKeep = this.#channel.tracks
    const fillings = { session: this.#sessions.begin(hashSessionId(id)), epoch: this.#epochs.begin(userKey) }
    const [value, leftMs, epoch] = await connection.ask(extendMs === undefined ? 3 : 4, async (redis) => {
      const extended = extendMs === undefined ? undefined : redis.pexpire(key, extendMs)
      const answers = Promise.all([redis.get(key), redis.pttl(key), redis.get(userKey)])
      await extended
      return answers
    })
    const session =
      value === null ? undefined : { id, userId, deadlineMs, ...(JSON.parse(value) as StoredSession) }
    const kept = session && { session, epochKey: userKey, expiresAtMs: clock.now() + leftMs }
    if (!isDue && kept && this.#isDue(kept, clock.now())) return this.#fetch(id, userId, deadlineMs, true)
    this.#sessions.keep(fillings.session, mayKeep ? kept : undefined)
    this.#epochs.keep(fillings.epoch, mayKeep && epoch !== null ? Number(epoch) : undefined)
    if (session === undefined) return undefined
    if (epoch === null || Number(epoch) !== session.epoch) return 'revoked'
    return session
  }

  #remainingMs(deadlineMs: number): number {
    return Math.min(this.#options.idleMs, deadlineMs - this.#options.clock.now())
  }

  #isDue({ session, expiresAtMs }: Kept, nowMs: number): boolean {
    const extensionMs = this.#remainingMs(session.deadlineMs) - (expiresAtMs - nowMs)
    return extensionMs > this.#options.idleMs * EXTEND_AFTER
  }

  /** @param key in Redis; undefined: everything may have changed. */
  #forget(key: string | undefined): void {
    if (key === undefined) {
      this.#sessions.dropAll()
      this.#epochs.dropAll()
      return
    }
    this.#sessions.drop(hashInKey(key))
    this.#epochs.drop(key)
  }

  epochOf(userId: string): Promise<number> {
    return this.#options.store.epochOf(userId)
  }

  create(session: Session): Promise<readonly string[]> {
    return this.#options.store.create(session)
  }

  createAlike(session: Omit<Session, 'id'>, ids: readonly string[]): Promise<void> {
    return this.#options.store.createAlike(session, ids)
  }

  async update(session: Session): Promise<'updated' | 'gone'> {
    const result = await this.#options.store.update(session)
    this.#forget(sessionKey(session.userId, session.id))
    return result
  }

  async delete(id: string): Promise<void> {
    await this.#options.store.delete(id)
    const userId = parseSessionId(id)?.userId
    if (userId !== undefined) this.#forget(sessionKey(userId, id))
  }

  async advanceEpoch(userId: string): Promise<void> {
    await this.#options.store.advanceEpoch(userId)
    this.#forget(epochKey(userId))
  }

  usersOnline(): Promise<UsersOnline> {
    return this.#options.store.usersOnline()
  }

  ping(): Promise<'up' | 'down'> {
    return this.#options.store.ping()
  }

  async close(): Promise<void> {
    this.#channel.close()
    await this.#options.store.close()
  }
}
