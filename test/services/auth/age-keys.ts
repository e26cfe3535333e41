import { Redis } from 'ioredis'

/** Moves a test's own Redis on, as far as expiry goes: every key that ends at all ends that much sooner. */
export async function ageKeys(url: string, ms: number): Promise<void> {
  const redis = new Redis(url)
  try {
    for (const key of await redis.keys('stillin:*')) {
      const leftMs = await redis.pttl(key)
      if (leftMs >= 0) await redis.pexpire(key, leftMs - ms)
    }
  } finally {
    redis.disconnect()
  }
}
