import { Redis } from 'ioredis'

const TIMEOUT_MS = 5_000
/** Keys looked at by one question: a few milliseconds of Redis's time. */
const STEP = 10_000
/** Counts where the keys are: their names would be 70 MB a million. */
const COUNT = `
local found = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
return {found[1], #found[2]}
`

/**
 * How many keys begin with a prefix, by walking all of them. Exact while nothing is written: a table that Redis is
 * resizing may show a key twice.
 * @throws where Redis does not answer.
 */
export async function countRedisKeys(url: string, prefix: string, signal: AbortSignal): Promise<number> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => {})
  try {
    await redis.connect()
    let keys = 0
    let cursor = '0'
    do {
      signal.throwIfAborted()
      const [next, found] = (await redis.eval(COUNT, 0, cursor, `${prefix}*`, STEP)) as [string, number]
      keys += found
      cursor = next
    } while (cursor !== '0')
    return keys
  } finally {
    redis.disconnect()
  }
}
