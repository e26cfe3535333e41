import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'
import { linkAll } from '../link-all.ts'

const DELAY_MS = 60
const JITTER_MS = 40

/** Redis gets far away from every node: a constant delay and seeded jitter on every round trip, below the nodes’ timeout. */
export const slowRedis: Fault = {
  name: 'slow-redis',
  summary: `${DELAY_MS} to ${DELAY_MS + JITTER_MS} ms more on every round trip to Redis`,
  hits: 'store',
  forMs: 2_500,
  takesMs: 0,
  needs: ['links'],
  async inject(cluster) {
    await linkAll(cluster, 'redis', { delayMs: DELAY_MS, jitterMs: JITTER_MS })
    return injected({ part: 'redis' }, () => linkAll(cluster, 'redis', {}))
  },
}
