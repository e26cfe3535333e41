import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningCluster } from '#cluster/cluster.ts'
import { StillinError } from '#contract/errors.ts'
import type { ProxyState } from '#contract/proxy-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { askAdmin } from '../lab/admin-client.ts'

const LIMIT_MS = 10_000
const INTERVAL_MS = 25

/**
 * Resolves when the proxy takes every node for healthy: a node that was started again has been found by its checks.
 * @throws StillinError when that takes more than ten seconds.
 */
export async function whenWhole(cluster: RunningCluster, signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + LIMIT_MS
  for (;;) {
    const { proxy, adminToken } = cluster
    const state = await askAdmin<ProxyState>(proxy.adminUrl, adminToken, 'GET', ADMIN_ROUTES.cluster)
    const unwell = state.upstreams.filter((upstream) => upstream.health !== 'up')
    if (unwell.length === 0) return
    if (performance.now() > deadlineMs) {
      const who = unwell.map(({ id, health }) => `${id} ${health}`).join(', ')
      throw new StillinError(`the proxy does not take every node for healthy: ${who}`)
    }
    await sleep(INTERVAL_MS, undefined, { signal })
  }
}
