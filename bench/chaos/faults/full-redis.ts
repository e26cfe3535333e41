import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** Redis holds as much as it may and evicts nothing: what adds is refused, what reads or deletes works. */
export const fullRedis: Fault = {
  name: 'full-redis',
  summary: 'Redis is full under noeviction: reads and deletions work, writes are refused',
  hits: 'store',
  forMs: 2_500,
  takesMs: 0,
  needs: [],
  async inject(cluster) {
    await cluster.askRedis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    // Less than even an empty Redis takes.
    await cluster.askRedis('CONFIG', 'SET', 'maxmemory', '1')
    return injected({ part: 'redis' }, async () => {
      await cluster.askRedis('CONFIG', 'SET', 'maxmemory', '0')
    })
  },
}
