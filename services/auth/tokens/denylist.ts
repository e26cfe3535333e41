import type { RedisConnection } from '../sessions/redis-connection.ts'
import type { RevocableClaims, Revocations } from './revocations.ts'
import { REVOCATION_SLACK_MS } from './revocations.ts'

// `{user}` keeps both keys of a lookup on one slot of a Redis Cluster, so that one MGET reads them.
const epochKey = (userId: string) => `stillin:jwt-denylist:epoch:{${userId}}`
const revokedKey = ({ sub, sid }: RevocableClaims) => `stillin:jwt-denylist:revoked:{${sub}}:${sid}`

/**
 * Above every earlier epoch and not below Redis's clock in ms, so that one that was lost with its key (or with a
 * failover) never comes again.
 */
const ADVANCE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = math.max(tonumber(redis.call('GET', KEYS[1]) or '0') + 1, now)
return redis.call('SET', KEYS[1], string.format('%.0f', epoch))`

/** Revocations in Redis, asked in one command on every request: they take hold at once, and nothing is answered without Redis. */
export class Denylist implements Revocations {
  readonly #connection: RedisConnection

  constructor(connection: RedisConnection) {
    this.#connection = connection
  }

  async epochOf(userId: string): Promise<number> {
    const key = epochKey(userId)
    const epoch = await this.#connection.ask(2, async (redis) => {
      const [, value] = await Promise.all([redis.setnx(key, Date.now()), redis.get(key)])
      return value
    })
    return Number(epoch)
  }

  async isRevoked(claims: RevocableClaims): Promise<boolean> {
    const [epoch, revoked] = await this.#connection.ask(1, (redis) =>
      redis.mget(epochKey(claims.sub), revokedKey(claims)),
    )
    // An epoch that was lost refuses: nobody can tell what it had voided.
    return revoked !== null || typeof epoch !== 'string' || claims.epoch < Number(epoch)
  }

  async revokeLogin(claims: RevocableClaims): Promise<void> {
    // A moment and no span: this node's clock may be wrong, and a fast one would let the entry go before the token.
    const untilMs = claims.exp * 1000 + REVOCATION_SLACK_MS
    await this.#connection.ask(1, (redis) => redis.set(revokedKey(claims), '1', 'PXAT', untilMs))
  }

  async revokeUser(userId: string): Promise<void> {
    await this.#connection.ask(1, (redis) => redis.eval(ADVANCE, 1, epochKey(userId)))
  }

  storeState(): Promise<'up' | 'down'> {
    return this.#connection.ping()
  }

  async close(): Promise<void> {
    this.#connection.close()
  }
}
