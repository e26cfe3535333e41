import { measureRedisRoundTrip } from '#bench/measure/redis-round-trip.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import type { Environment } from '#contract/result.ts'

export type RedisDistance = Pick<NonNullable<Environment['redis']>, 'roundTripMs' | 'directMs'>

/**
 * How far Redis is from a node, ms; where nodes reach it through relays, through one of them and without it.
 * @throws where it does not answer.
 */
export async function measureRedisDistance(
  cluster: Pick<RunningCluster, 'nodes' | 'redisUrlOf'>,
  url: string,
): Promise<RedisDistance> {
  const [node] = cluster.nodes()
  const asReached = (node && cluster.redisUrlOf(node.id)) ?? url
  const roundTripMs = await measureRedisRoundTrip(asReached)
  return asReached === url ? { roundTripMs } : { roundTripMs, directMs: await measureRedisRoundTrip(url) }
}
