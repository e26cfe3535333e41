import { Signer } from '@fastify/cookie'
import fastifySession from '@fastify/session'
import type { FastifyInstance } from 'fastify'
import { MODES } from '#contract/modes.ts'
import type { Clock } from '../clock.ts'
import { FastifySessionReader } from '../credentials/fastify-session-reader.ts'
import { connectRedis } from '../credentials/redis-of-mode.ts'
import { type SessionCookie, sessionCookie } from '../credentials/session-cookie.ts'
import { SessionStrategy } from '../credentials/session-strategy.ts'
import { deriveKey } from '../key-ring.ts'
import { fastifySessionStore } from '../sessions/fastify-session-store.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import { RedisStore, sessionKey } from '../sessions/redis-store.ts'
import type { Session, SessionLimits, SessionStore } from '../sessions/session-store.ts'
import type { Plant } from './plant.ts'

/** Writes whatever it is given, as stores for the stock library do: also a session that was deleted meanwhile. */
class OverwritingStore extends RedisStore {
  readonly #redis: RedisConnection

  constructor(connection: RedisConnection, clock: Clock, idleMs: number, limits: SessionLimits) {
    super(connection, clock, idleMs, limits)
    this.#redis = connection
  }

  override async update({ id, userId, role, loginAt, epoch, deadlineMs, data }: Session): Promise<'updated'> {
    const ttlMs = Math.max(1, deadlineMs - Date.now())
    const value = JSON.stringify({ role, loginAt, epoch, data })
    await this.#redis.ask(1, (redis) => redis.set(sessionKey(userId, id), value, 'PX', ttlMs))
    return 'updated'
  }
}

/** The stock library with its own default: every answer saves. */
class RollingReader extends FastifySessionReader {
  readonly #parts: { store: SessionStore; signer: Signer; cookie: SessionCookie }

  constructor(store: SessionStore, signer: Signer, cookie: SessionCookie) {
    super(store, signer, cookie)
    this.#parts = { store, signer, cookie }
  }

  override async register(scope: FastifyInstance, idleCounts: boolean): Promise<void> {
    const { store, signer, cookie } = this.#parts
    await scope.register(fastifySession, {
      secret: signer,
      cookieName: cookie.name,
      cookie: { ...cookie.attributes },
      store: fastifySessionStore(store, idleCounts),
    })
  }
}

export const stockRollingSave: Plant = {
  strategies: {
    redis: async (parts) => {
      const { config, keyRing, clock } = parts
      const mode = MODES.redis
      const connection = await connectRedis(mode, parts)
      const store = new OverwritingStore(connection, clock, config.idleS * 1000, config.limits)
      const signer = new Signer(deriveKey(keyRing.cookieSecret, `session cookie ${mode.name}`))
      const cookie = sessionCookie(config.tls)
      const reader = new RollingReader(store, signer, cookie)
      return new SessionStrategy({ mode, store, reader, cookie, signer, clock })
    },
  },
}
