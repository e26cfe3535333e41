import { Redis } from 'ioredis'
import { monotonicUs } from '#contract/clock.ts'

const ANSWER_MS = 2_000

/** The real Redis of a drill, made silent or cut off from everybody for a moment. */
export interface TroubledStore extends Disposable {
  /** Answers nobody for so long. Resolves at once, with the time in which it surely did not, µs on the monotonic clock. */
  silence(forMs: number): Promise<{ fromUs: number; untilUs: number }>
  /** Closes every connection of this kind; who wants one again has to come again. */
  cut(kind: 'normal' | 'pubsub'): Promise<void>
}

/** @throws where there is no Redis at this address. */
export async function openTroubledStore(url: string): Promise<TroubledStore> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => {})
  await redis.connect()
  return {
    async silence(forMs) {
      const askedUs = monotonicUs()
      await redis.call('CLIENT', 'PAUSE', String(forMs), 'ALL')
      // Redis counts from a moment between the question and its answer.
      return { fromUs: monotonicUs(), untilUs: askedUs + forMs * 1000 }
    },
    async cut(kind) {
      await redis.call('CLIENT', 'KILL', 'TYPE', kind, 'SKIPME', 'yes')
    },
    [Symbol.dispose]: () => redis.disconnect(),
  }
}
