import type { SessionStore } from '@fastify/session'
import type * as Fastify from 'fastify'
import { SESSION_KEY_PREFIXES } from '#contract/stores.ts'
import type { RedisConnection } from './redis-connection.ts'

/** What stores in the manner of connect-redis give a session whose cookie has no age of its own. */
const TTL_S = 86_400

/**
 * A session store for Redis as everybody writes it: JSON under `sess:` and the id, `get`, `set`, `destroy`. `set`
 * writes whatever it is given, also a session that was destroyed while the request ran. For comparison only.
 */
export class StockRedisStore implements SessionStore {
  readonly #connection: RedisConnection

  constructor(connection: RedisConnection) {
    this.#connection = connection
  }

  get(id: string, callback: (error: unknown, session?: Fastify.Session | null) => void): void {
    this.#connection
      .ask(1, (redis) => redis.get(`${SESSION_KEY_PREFIXES.stock}${id}`))
      .then(
        (text) => callback(null, text === null ? null : (JSON.parse(text) as Fastify.Session)),
        (error: unknown) => callback(error),
      )
  }

  set(id: string, session: object, callback: (error?: unknown) => void): void {
    this.#connection
      .ask(1, (redis) =>
        redis.set(`${SESSION_KEY_PREFIXES.stock}${id}`, JSON.stringify(session), 'EX', TTL_S),
      )
      .then(() => callback(), callback)
  }

  destroy(id: string, callback: (error?: unknown) => void): void {
    this.#connection
      .ask(1, (redis) => redis.del(`${SESSION_KEY_PREFIXES.stock}${id}`))
      .then(() => callback(), callback)
  }
}
