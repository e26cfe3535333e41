import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { testRedis } from '../../redis.ts'

/**
 * A Redis for the tests of a file, emptied before each: who is online is one count for everybody, and what other tests left
 * there would be counted too.
 */
export function useEmptiedRedis(): { readonly url: string } {
  let redis: Awaited<ReturnType<typeof testRedis>>
  let probe: Redis
  beforeAll(async () => {
    redis = await testRedis()
    probe = new Redis(redis.url)
  })
  beforeEach(async () => {
    const keys = await probe.keys('stillin:*')
    if (keys.length > 0) await probe.del(...keys)
  })
  afterAll(async () => {
    probe.disconnect()
    await redis[Symbol.asyncDispose]()
  })
  return {
    get url() {
      return redis.url
    },
  }
}
