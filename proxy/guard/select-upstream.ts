import type { Upstream } from '../upstream/upstream.ts'
import type { GuardContext } from './guard-context.ts'
import type { RequestHead } from './request-head.ts'

/**
 * The pinned upstream where the mode pins and it takes pins; otherwise, and in further tries, the balancer's choice
 * among those not tried yet. When nobody else is healthy: the one that failed, where that may have been a connection
 * gone stale, and then those that checks have left out, since what checks know may be a second old.
 * @param tried where earlier tries failed, in their order.
 */
export function selectUpstream(
  context: GuardContext,
  head: RequestHead,
  tried: readonly Upstream[],
): Upstream | undefined {
  const { pool, balancer } = context
  const key = { key: head.routingKey }
  const failed = tried.at(-1)
  if (failed === undefined && head.pinnedTo !== undefined && context.pinsNow()) {
    const pinned = pool.byId(head.pinnedTo)
    if (pinned && pool.takesPins(pinned)) return pinned
  }
  if (failed === undefined) return balancer.select(pool.available, key)
  const untried = (upstream: Upstream): boolean => !tried.includes(upstream)
  const other = balancer.select(pool.available.filter(untried), key)
  if (other || (failed.failuresInARow === 1 && tried.length === 1)) return other ?? failed
  return balancer.select(pool.members.filter(untried), key) ?? failed
}
