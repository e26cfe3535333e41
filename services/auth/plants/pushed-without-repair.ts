import { Redis } from 'ioredis'
import { MODES } from '#contract/modes.ts'
import { connectRedis, redisUrlFor } from '../credentials/redis-of-mode.ts'
import { TokenStrategy } from '../credentials/token-strategy.ts'
import { longestLoginS } from '../login-span.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import { KnownRevocations } from '../tokens/known-revocations.ts'
import { epochOf, type News, readTruth, revokeLogin, revokeUser } from '../tokens/pushed-truth.ts'
import type { RevocableClaims, Revocations } from '../tokens/revocations.ts'
import { REVOCATION_SLACK_MS } from '../tokens/revocations.ts'
import type { Plant } from './plant.ts'

const CHANNEL = 'stillin:plant:revocations'
/** Nobody looks into the order of these. */
const UNNUMBERED = { sequence: 0 } as const

/** Publish and subscribe, and nothing else: no number tells that something was missed, and no silence makes it stale. */
class PublishedRevocations implements Revocations {
  readonly #connection: RedisConnection
  readonly #subscriber: Redis
  readonly #known: KnownRevocations

  constructor(connection: RedisConnection, subscriber: Redis, known: KnownRevocations) {
    this.#connection = connection
    this.#subscriber = subscriber
    this.#known = known
  }

  async start(): Promise<void> {
    this.#known.replace(await this.#connection.ask(1, (redis) => readTruth(redis, 0, 0)), 0)
    this.#subscriber.on('message', (_channel, text: string) => this.#known.add(JSON.parse(text) as News))
    await this.#subscriber.connect()
    await this.#subscriber.subscribe(CHANNEL)
  }

  epochOf(userId: string): Promise<number> {
    return this.#connection.ask(1, (redis) => epochOf(redis, userId))
  }

  isRevoked(claims: RevocableClaims): boolean {
    return this.#known.isRevoked(claims)
  }

  async revokeLogin({ sid, exp }: RevocableClaims): Promise<void> {
    await this.#connection.ask(1, (redis) => revokeLogin(redis, sid, exp * 1000, REVOCATION_SLACK_MS))
    await this.#tell({ ...UNNUMBERED, kind: 'login', sid, untilMs: exp * 1000 })
  }

  async revokeUser(userId: string): Promise<void> {
    const epoch = await this.#connection.ask(1, (redis) => revokeUser(redis, userId))
    await this.#tell({ ...UNNUMBERED, kind: 'user', userId, epoch })
  }

  storeState(): Promise<'up' | 'down'> {
    return this.#connection.ping()
  }

  async close(): Promise<void> {
    this.#subscriber.disconnect()
    this.#connection.close()
  }

  async #tell(news: News): Promise<void> {
    this.#known.add(news)
    await this.#connection.ask(1, (redis) => redis.publish(CHANNEL, JSON.stringify(news)))
  }
}

export const pushedWithoutRepair: Plant = {
  strategies: {
    'jwt-pushed': async (parts) => {
      const { config, clock } = parts
      const mode = MODES['jwt-pushed']
      const subscriber = new Redis(redisUrlFor(mode, config.redisUrl), { lazyConnect: true })
      subscriber.on('error', () => undefined)
      const known = new KnownRevocations(longestLoginS(config) * 1000)
      const revocations = new PublishedRevocations(await connectRedis(mode, parts), subscriber, known)
      await revocations.start()
      return new TokenStrategy({ mode, codec: await parts.codec(), clock, revocations })
    },
  },
}
