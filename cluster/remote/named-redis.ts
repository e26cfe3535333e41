import { StillinError } from '#contract/errors.ts'
import { probeRedis } from '../redis/probe.ts'
import type { RedisServer } from '../redis/redis-server.ts'

/** The Redis of a cluster that somebody else started. @throws StillinError where none answers there. */
export async function namedRedis(
  url: string,
  origin: RedisServer['origin'],
  where: string,
): Promise<RedisServer> {
  const probe = await probeRedis(url)
  if ('problem' in probe) throw new StillinError(`the Redis of ${where} does not answer (${probe.problem})`)
  return {
    url,
    version: probe.version,
    origin,
    description: `Redis ${probe.version} of ${where}`,
    [Symbol.asyncDispose]: async () => {},
  }
}
