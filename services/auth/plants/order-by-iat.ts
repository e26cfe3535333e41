import { MODES } from '#contract/modes.ts'
import type { Clock } from '../clock.ts'
import { connectRedis } from '../credentials/redis-of-mode.ts'
import { TokenStrategy } from '../credentials/token-strategy.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import { Denylist } from '../tokens/denylist.ts'
import type { RevocableClaims } from '../tokens/revocations.ts'
import type { Plant } from './plant.ts'

const endedKey = (userId: string) => `stillin:plant:ended-at:{${userId}}`

/** The second in which a login began against the second in which everything was ended: one of the same second lives on. */
class SecondsDenylist extends Denylist {
  readonly #redis: RedisConnection
  readonly #now: Clock

  constructor(connection: RedisConnection, clock: Clock) {
    super(connection)
    this.#redis = connection
    this.#now = clock
  }

  override async epochOf(userId: string): Promise<number> {
    await super.epochOf(userId)
    return this.#second()
  }

  override async isRevoked(claims: RevocableClaims): Promise<boolean> {
    const endedAt = await this.#redis.ask(1, (redis) => redis.get(endedKey(claims.sub)))
    if (endedAt !== null && claims.epoch < Number(endedAt)) return true
    // The list of single logins is as it should be; of epochs it must say nothing.
    return super.isRevoked({ ...claims, epoch: Number.MAX_SAFE_INTEGER })
  }

  override async revokeUser(userId: string): Promise<void> {
    await this.#redis.ask(1, (redis) => redis.set(endedKey(userId), this.#second()))
  }

  #second(): number {
    return Math.floor(this.#now.now() / 1000)
  }
}

export const orderByIat: Plant = {
  strategies: {
    'jwt-denylist': async (parts) => {
      const { clock } = parts
      const mode = MODES['jwt-denylist']
      const revocations = new SecondsDenylist(await connectRedis(mode, parts), clock)
      return new TokenStrategy({ mode, codec: await parts.codec(), clock, revocations })
    },
  },
}
