import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '#cluster/cluster.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** Room that is left when it is over, so that logins go on. */
const ROOM_BYTES = 1024 * 1024
const LIMIT_MS = 3_000
const LOOK_EVERY_MS = 20

/**
 * Redis under volatile-lru needs, for a moment, the room of everything that has an expiry: logins, revocations, whatever
 * else is there. All of it is evicted, and nobody is told. Then it goes on under the same policy with some room. A
 * smaller shortage takes the least recently used first: which entries those are depends on the company they keep.
 */
export const evictingRedis: Fault = {
  name: 'evicting-redis',
  summary: 'Redis is short of memory under volatile-lru and evicts everything that has an expiry',
  hits: 'store',
  forMs: 2_500,
  takesMs: 500,
  needs: [],
  async inject(cluster) {
    const before = await evictedKeys(cluster)
    await cluster.askRedis('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru')
    // Less than even an empty Redis takes.
    await cluster.askRedis('CONFIG', 'SET', 'maxmemory', '1')
    const left = await whenNothingExpires(cluster)
    const used = await figure(cluster, 'memory', /^used_memory:(\d+)/m)
    await cluster.askRedis('CONFIG', 'SET', 'maxmemory', String(used + ROOM_BYTES))
    const evicted = (await evictedKeys(cluster)) - before
    const detail = `${evicted} entries evicted${left === 0 ? '' : `, ${left} with an expiry left`}`
    return injected({ part: 'redis', detail }, async () => {
      await cluster.askRedis('CONFIG', 'SET', 'maxmemory', '0')
      await cluster.askRedis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    })
  },
}

/** How many entries with an expiry are left when there are none, or the time is over. */
async function whenNothingExpires(cluster: Cluster): Promise<number> {
  const giveUpAtMs = performance.now() + LIMIT_MS
  for (;;) {
    const left = await figure(cluster, 'keyspace', /^db0:.*expires=(\d+)/m)
    if (left === 0 || performance.now() > giveUpAtMs) return left
    await sleep(LOOK_EVERY_MS)
  }
}

function evictedKeys(cluster: Cluster): Promise<number> {
  return figure(cluster, 'stats', /^evicted_keys:(\d+)/m)
}

/** A figure of INFO; 0 where the line is absent (a database without a key has none). */
async function figure(cluster: Cluster, section: string, line: RegExp): Promise<number> {
  const info = String(await cluster.askRedis('INFO', section))
  return Number(line.exec(info)?.[1] ?? 0)
}
