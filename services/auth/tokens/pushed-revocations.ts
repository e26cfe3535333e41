import { AnswerError } from '../errors.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import type { Upkeep } from '../upkeep.ts'
import type { KnownRevocations } from './known-revocations.ts'
import { epochOf, revokeLogin, revokeUser } from './pushed-truth.ts'
import type { RevocationFeed } from './revocation-feed.ts'
import type { RevocableClaims, Revocations } from './revocations.ts'
import { REVOCATION_SLACK_MS } from './revocations.ts'

/**
 * Revocations pushed into every node's memory: a lookup asks nobody. One is acknowledged when Redis has it, and holds
 * on every node within the bound, because a node that has heard nothing for longer than that answers 503.
 */
export class PushedRevocations implements Revocations {
  readonly #connection: RedisConnection
  readonly #feed: RevocationFeed
  readonly #known: KnownRevocations
  readonly upkeep: Upkeep

  constructor(connection: RedisConnection, feed: RevocationFeed, known: KnownRevocations) {
    this.#connection = connection
    this.#feed = feed
    this.upkeep = feed
    this.#known = known
  }

  epochOf(userId: string): Promise<number> {
    return this.#connection.ask(1, (redis) => epochOf(redis, userId))
  }

  isRevoked(claims: RevocableClaims): boolean {
    if (!this.#feed.isFresh()) throw new AnswerError('stale')
    return this.#known.isRevoked(claims)
  }

  async revokeLogin({ sid, exp }: RevocableClaims): Promise<void> {
    await this.#connection.ask(1, (redis) => revokeLogin(redis, sid, exp * 1000, REVOCATION_SLACK_MS))
    this.#known.addLogin(sid, exp * 1000)
  }

  async revokeUser(userId: string): Promise<void> {
    const epoch = await this.#connection.ask(1, (redis) => revokeUser(redis, userId))
    this.#known.addUser(userId, epoch)
  }

  async storeState(): Promise<'up' | 'down'> {
    return this.#feed.isFresh() ? 'up' : 'down'
  }

  async close(): Promise<void> {
    await this.#feed.close()
    this.#connection.close()
  }
}
