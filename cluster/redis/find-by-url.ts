import { EXIT, StillinError } from '#contract/errors.ts'
import { probeRedis } from './probe.ts'
import type { Missing, RedisRequest, RedisServer } from './redis-server.ts'

/**
 * The Redis that somebody named. It is asked for a PING first; what answers otherwise, or not at all, is an error and
 * never a reason to take another one: figures about the wrong Redis would mislead.
 * @throws StillinError naming REDIS_URL.
 */
export async function findByUrl({ redisUrl }: RedisRequest): Promise<RedisServer | Missing> {
  if (redisUrl === undefined) return { missing: 'REDIS_URL is not set' }
  const shown = withoutPassword(redisUrl)
  const probe = await probeRedis(redisUrl)
  if ('problem' in probe) {
    throw new StillinError(`REDIS_URL: what answers at ${shown} is not a usable Redis (${probe.problem})`, {
      exitCode: EXIT.usage,
      hint: 'Correct it, or leave REDIS_URL and --redis-url out, and stillin finds or fetches one of its own.',
    })
  }
  return {
    url: redisUrl,
    version: probe.version,
    origin: 'REDIS_URL',
    description: `Redis ${probe.version} at ${shown} (REDIS_URL)`,
    [Symbol.asyncDispose]: async () => {},
  }
}

/** @throws StillinError when the text is no redis: or rediss: URL. */
function withoutPassword(text: string): string {
  const url = URL.parse(text)
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol)) {
    throw new StillinError('REDIS_URL is not an address like redis://127.0.0.1:6379', {
      exitCode: EXIT.usage,
      hint: 'Correct it, or --redis-url where it was given by that.',
    })
  }
  if (url.password !== '') url.password = '***'
  return url.href
}
