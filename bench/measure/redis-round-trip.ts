import { Redis } from 'ioredis'
import { monotonicUs } from '#contract/clock.ts'

const PINGS = 200
/** The first ones pay for code that is not warm yet. */
const WARM_UP = 20

/**
 * How far away Redis is: the time of a PING and its answer, ms, one at a time over one connection of its own. Part of
 * it is this process's own: on one host about 0.05 ms.
 * @throws where Redis does not answer within two seconds.
 */
export async function measureRedisRoundTrip(
  url: string,
  pings: number = PINGS,
): Promise<{ p50: number; p99: number }> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => {})
  try {
    await redis.connect()
    const times: number[] = []
    for (let ping = 0; ping < WARM_UP + pings; ping++) {
      const startUs = monotonicUs()
      await redis.ping()
      if (ping >= WARM_UP) times.push((monotonicUs() - startUs) / 1000)
    }
    times.sort((a, b) => a - b)
    return { p50: rank(times, 0.5), p99: rank(times, 0.99) }
  } finally {
    redis.disconnect()
  }
}

/** The smallest value that at least this share of all lie at or below. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
