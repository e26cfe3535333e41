import type { Cluster } from '#cluster/cluster.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

const FILLER_KEY = 'stillin:chaos:filler'
const FILLER_BYTES = 48 * 1024

/**
 * Redis runs out of memory under volatile-lru, which logins and revocations share with everything else: something
 * without an expiry takes room, and Redis drops what has one, the least recently used first.
 */
export const evictingRedis: Fault = {
  name: 'evicting-redis',
  summary: `Redis is short of ${FILLER_BYTES / 1024} KiB under volatile-lru and evicts what has an expiry`,
  hits: 'store',
  forMs: 2_500,
  takesMs: 0,
  needs: [],
  async inject(cluster) {
    await cluster.askRedis('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru')
    await cluster.askRedis('CONFIG', 'SET', 'maxmemory', '0')
    await cluster.askRedis('SETRANGE', FILLER_KEY, String(FILLER_BYTES - 1), '0')
    await cluster.askRedis('CONFIG', 'SET', 'maxmemory', String((await usedBytes(cluster)) - FILLER_BYTES))
    return injected({ part: 'redis' }, async () => {
      await cluster.askRedis('CONFIG', 'SET', 'maxmemory', '0')
      await cluster.askRedis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      await cluster.askRedis('DEL', FILLER_KEY)
    })
  },
}

async function usedBytes(cluster: Cluster): Promise<number> {
  const info = String(await cluster.askRedis('INFO', 'memory'))
  const [, used] = /^used_memory:(\d+)/m.exec(info) ?? []
  if (used === undefined) throw new Error('evicting-redis: Redis does not say what it holds')
  return Number(used)
}
