import { countRedisKeys } from '#bench/measure/redis-sessions.ts'
import type { NodeUsage, SessionCountAnswer, SessionCountRequest } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { SESSION_KEY_PREFIXES, STORE_TITLES } from '#contract/stores.ts'
import { askAdmin } from './admin-client.ts'
import type { ClusterLab } from './lab.ts'
import type { SessionHome } from './session-home.ts'

/** Users of one question. */
const CHUNK = 5_000

/** How many sessions somebody holds, by its own count. */
export interface Holding {
  holder: string
  sessions: number
}

/**
 * Asks whoever holds the sessions of a home: each node, or the store. A store in Redis's place is asked user by user
 * through the nodes, and the cluster must be in mode `redis` then.
 * @param userIds of each node: whose sessions such a store is asked for.
 */
export async function countSessions(
  lab: ClusterLab,
  home: SessionHome,
  userIds: () => readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<readonly Holding[]> {
  const { cluster, redis, store } = lab
  if (home === 'node-memory' || home === 'every-node') {
    return Promise.all(
      cluster.nodes().map(async ({ id, adminUrl }) => {
        const usage = await askAdmin<NodeUsage>(adminUrl, cluster.adminToken, 'GET', ADMIN_ROUTES.usage)
        const held = home === 'node-memory' ? usage.sessions.held : (usage.replication?.held ?? 0)
        return { holder: id, sessions: held }
      }),
    )
  }
  if (redis) {
    const prefix = home === 'redis' ? SESSION_KEY_PREFIXES.ours : SESSION_KEY_PREFIXES.stock
    return [{ holder: 'Redis', sessions: await countRedisKeys(redis.url, prefix, signal) }]
  }
  const ids = userIds()
  const counts = await Promise.all(
    cluster.nodes().map((node, index) => askStore(lab, node.adminUrl, ids[index] ?? [], signal)),
  )
  const sessions = counts.reduce((sum, count) => sum + count, 0)
  return [{ holder: STORE_TITLES[store?.store.name ?? 'redis'], sessions }]
}

async function askStore(
  { cluster }: ClusterLab,
  adminUrl: string,
  userIds: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  let sessions = 0
  for (let from = 0; from < userIds.length; from += CHUNK) {
    const request: SessionCountRequest = { userIds: userIds.slice(from, from + CHUNK) }
    const path = ADMIN_ROUTES.sessionCount
    const answer = await askAdmin<SessionCountAnswer>(
      adminUrl,
      cluster.adminToken,
      'POST',
      path,
      request,
      signal,
    )
    sessions += answer.sessions
  }
  return sessions
}
