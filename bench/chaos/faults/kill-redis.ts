import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** SIGKILL to Redis; healing starts it again at the same address with what its append-only file kept. */
export const killRedis: Fault = {
  name: 'kill-redis',
  summary: 'SIGKILL to Redis; healed by starting it again with its append-only file',
  hits: 'store',
  forMs: 2_500,
  takesMs: 0,
  needs: [],
  async inject(cluster) {
    await cluster.kill('redis')
    return injected({ part: 'redis' }, () => cluster.start('redis'))
  },
}
