import type { LedgerSources } from '#bench/measure/cpu-ledger.ts'
import { openRedisUsage } from '#bench/measure/redis-usage.ts'
import { openStoreUsage } from '#bench/measure/store-usage.ts'
import { openUsage } from '#bench/measure/usage.ts'
import type { NodeUsage, ProxyUsage } from '#contract/node-admin.ts'
import type { ClusterLab } from './lab.ts'

/** Where CPU time and counts are read. A restarted node answers at the same address, so the readers live as long as the cluster. */
export async function openLedger(
  { cluster, redis, store }: ClusterLab,
  stack: AsyncDisposableStack,
): Promise<LedgerSources> {
  const { adminToken } = cluster
  return {
    nodes: cluster.nodes().map((node) => stack.use(openUsage<NodeUsage>(node.adminUrl, adminToken))),
    proxy: stack.use(openUsage<ProxyUsage>(cluster.proxy.adminUrl, adminToken)),
    store: redis ? stack.use(await openRedisUsage(redis.url)) : await openStoreUsage(store?.pid),
  }
}
