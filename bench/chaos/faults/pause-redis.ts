import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** SIGSTOP to Redis: connections stay open, new ones are taken by the kernel, and nothing is ever said. */
export const pauseRedis: Fault = {
  name: 'pause-redis',
  summary: 'SIGSTOP to Redis: silent, its connections open; healed by letting it go on',
  hits: 'store',
  forMs: 2_500,
  takesMs: 0,
  needs: [],
  async inject(cluster) {
    await cluster.pause('redis')
    return injected({ part: 'redis' }, () => cluster.resume('redis'))
  },
}
