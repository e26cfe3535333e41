import { MODES } from '#contract/modes.ts'
import type { Clock } from '../clock.ts'
import { createSessionStrategy } from '../credentials/create-session-strategy.ts'
import { connectRedis } from '../credentials/redis-of-mode.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import { RedisStore } from '../sessions/redis-store.ts'
import type { Session } from '../sessions/session-store.ts'
import type { Plant } from './plant.ts'

/** Counts the user's sessions, ends what is too many, and then makes one more: each its own step. */
class CountThenInsertStore extends RedisStore {
  readonly #perUser: number

  constructor(connection: RedisConnection, clock: Clock, idleMs: number, perUser: number) {
    super(connection, clock, idleMs)
    this.#perUser = perUser
  }

  override async create(session: Session): Promise<readonly string[]> {
    const live = await this.listing.list(session.userId)
    // The newest first: what is beyond the limit has to make room.
    for (const { handle } of live.slice(this.#perUser - 1)) await this.listing.end(session.userId, handle)
    return super.create(session)
  }
}

export const countThenInsertLimit: Plant = {
  strategies: {
    redis: async (parts) => {
      const { config, clock } = parts
      const perUser = config.limits.perUser ?? Number.POSITIVE_INFINITY
      const connection = await connectRedis(MODES.redis, parts)
      const store = new CountThenInsertStore(connection, clock, config.idleS * 1000, perUser)
      return createSessionStrategy('redis', store, parts)
    },
  },
}
