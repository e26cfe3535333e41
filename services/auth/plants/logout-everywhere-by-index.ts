import { MODES } from '#contract/modes.ts'
import type { Clock } from '../clock.ts'
import { createSessionStrategy } from '../credentials/create-session-strategy.ts'
import { connectRedis } from '../credentials/redis-of-mode.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import { indexKey, RedisStore, sessionPrefix } from '../sessions/redis-store.ts'
import type { SessionLimits } from '../sessions/session-store.ts'
import type { Plant } from './plant.ts'

/** Ends what the index lists, and then the index. Whoever logs in in between is in neither, and nobody can end that login. */
class IndexOnlyStore extends RedisStore {
  readonly #redis: RedisConnection

  constructor(connection: RedisConnection, clock: Clock, idleMs: number, limits: SessionLimits) {
    super(connection, clock, idleMs, limits)
    this.#redis = connection
  }

  override async advanceEpoch(userId: string): Promise<void> {
    const index = indexKey(userId)
    const listed = await this.#redis.ask(1, (redis) => redis.zrange(index, 0, '-1'))
    const keys = listed.map((hash) => sessionPrefix(userId) + hash)
    await this.#redis.ask(1, (redis) => redis.del(index, ...keys))
  }
}

export const logoutEverywhereByIndex: Plant = {
  strategies: {
    redis: async (parts) => {
      const { config, clock } = parts
      const connection = await connectRedis(MODES.redis, parts)
      const store = new IndexOnlyStore(connection, clock, config.idleS * 1000, config.limits)
      return createSessionStrategy('redis', store, parts)
    },
  },
}
