import type { Upstream } from '../upstream/upstream.ts'
import type { GuardContext } from './guard-context.ts'
import type { RequestHead } from './request-head.ts'

/**
 * The pinned upstream where the mode pins and it takes pins; otherwise, and in a second try, the balancer's choice.
 * @param failed where the first try failed: chosen again only when there is nobody else.
 */
export function selectUpstream(
  context: GuardContext,
  head: RequestHead,
  failed: Upstream | undefined,
): Upstream | undefined {
  const { pool, balancer } = context
  if (failed === undefined && head.pinnedTo !== undefined && context.pinsNow()) {
    const pinned = pool.byId(head.pinnedTo)
    if (pinned && pool.takesPins(pinned)) return pinned
  }
  const others = failed ? pool.available.filter((upstream) => upstream !== failed) : pool.available
  return balancer.select(others, { key: head.routingKey }) ?? failed
}
