import { Redis } from 'ioredis'

const ANSWER_MS = 1_500

/** What answered: a Redis and its version, or what went wrong instead. */
export type Probe = { readonly version: string } | { readonly problem: string }

/** Sends PING and INFO to an address; bounded by 1.5 s a step. */
export async function probeRedis(url: string): Promise<Probe> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
  })
  // Without a listener ioredis prints what is returned below.
  let lastError: unknown
  redis.on('error', (error: unknown) => {
    lastError = error
  })
  try {
    await redis.connect()
    const pong = await redis.ping()
    if (pong !== 'PONG') return { problem: `it answered PING with ${JSON.stringify(pong)}` }
    const info = await redis.info('server')
    const version = /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1]
    return version === undefined ? { problem: 'its INFO names no version' } : { version }
  } catch (error) {
    const cause = lastError ?? error
    return { problem: cause instanceof Error ? cause.message : String(cause) }
  } finally {
    redis.disconnect()
  }
}
