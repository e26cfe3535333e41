import type { RunningCluster } from '#cluster/cluster.ts'
import type { ProxyEvent } from '#contract/proxy-admin.ts'
import type { TimelineEvent } from '#contract/result.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { askAdmin } from '../lab/admin-client.ts'

/** Everything the proxy still remembers having noticed. */
export async function readProxyEvents(cluster: RunningCluster): Promise<readonly ProxyEvent[]> {
  const path = `${ADMIN_ROUTES.events}?since=0`
  const answer = await askAdmin<{ events: readonly ProxyEvent[] }>(
    cluster.proxy.adminUrl,
    cluster.adminToken,
    'GET',
    path,
  )
  return answer.events
}

/** The events since `startUs`, on the run's own clock. */
export function toTimelineEvents(events: readonly ProxyEvent[], startUs: number): TimelineEvent[] {
  return events
    .filter((event) => event.atUs >= startUs)
    .map((event) => ({
      atMs: (event.atUs - startUs) / 1000,
      source: 'proxy' as const,
      kind: event.kind,
      ...(event.upstream === undefined ? {} : { part: event.upstream }),
      ...(event.detail === undefined ? {} : { detail: event.detail }),
    }))
}
