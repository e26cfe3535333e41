import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'
import { linkAll } from '../link-all.ts'

/** Every node’s way to Redis swallows what is sent: a black hole. What was sent meanwhile arrives when it is over. */
export const silentRedis: Fault = {
  name: 'silent-redis',
  summary: 'nothing gets through between nodes and Redis, and nobody is told',
  hits: 'store',
  forMs: 2_500,
  takesMs: 0,
  needs: ['links'],
  async inject(cluster) {
    await linkAll(cluster, 'redis', { silent: true })
    return injected({ part: 'redis' }, () => linkAll(cluster, 'redis', {}))
  },
}
