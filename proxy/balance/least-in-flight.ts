import type { Upstream } from '../upstream/upstream.ts'
import type { Balancer } from './balancer.ts'

/**
 * The upstream with the fewest requests in flight for its weight; among equals the turn goes round, so that an idle
 * cluster is not served by its first node alone.
 */
export function createLeastInFlight(weightOf: (upstream: Upstream) => number = (u) => u.weight): Balancer {
  let turn = 0
  return {
    select(pool) {
      let chosen: Upstream | undefined
      let least = Number.POSITIVE_INFINITY
      for (let i = 0; i < pool.length; i += 1) {
        const upstream = pool[(turn + i) % pool.length]
        if (!upstream) continue
        const load = upstream.inFlight / weightOf(upstream)
        if (load < least) {
          least = load
          chosen = upstream
        }
      }
      turn = (turn + 1) % 0x3fffffff
      return chosen
    },
  }
}
