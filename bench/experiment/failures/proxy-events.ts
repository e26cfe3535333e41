import type { ClusterEvent, RunningCluster } from '#cluster/cluster.ts'
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

/** What the nodes themselves did since `startUs`: a process that answers again, or has ended. */
export function toNodeEvents(events: readonly ClusterEvent[], startUs: number): TimelineEvent[] {
  return events
    .filter(({ atUs, kind, part }) => atUs >= startUs && part.startsWith('node-') && OWN_KINDS.includes(kind))
    .map(({ atUs, kind, part }) => ({ atMs: (atUs - startUs) / 1000, source: 'node', kind, part }))
}

/** What is done to them is the harness's to tell. */
const OWN_KINDS: readonly ClusterEvent['kind'][] = ['ready', 'stopped', 'exited']
