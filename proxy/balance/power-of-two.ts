import type { Upstream } from '../upstream/upstream.ts'
import type { Balancer } from './balancer.ts'

/**
 * Two upstreams drawn at random, and the one of them with fewer requests in flight for its weight (Mitzenmacher 2001):
 * nearly as even as least-in-flight, without every proxy running to the same idle node.
 * @param random 0 ≤ x < 1.
 */
export function createPowerOfTwo(
  random: () => number,
  weightOf: (upstream: Upstream) => number = (u) => u.weight,
): Balancer {
  const load = (upstream: Upstream): number => upstream.inFlight / weightOf(upstream)
  return {
    select(pool) {
      const first = Math.floor(random() * pool.length)
      const one = pool[first]
      if (!one || pool.length === 1) return one
      const other = pool[(first + 1 + Math.floor(random() * (pool.length - 1))) % pool.length]
      return other && load(other) < load(one) ? other : one
    },
  }
}
