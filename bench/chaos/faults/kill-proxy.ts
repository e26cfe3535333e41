import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** SIGKILL to the proxy; healing starts it again at the same address. Nothing in the lab stands in for it meanwhile. */
export const killProxy: Fault = {
  name: 'kill-proxy',
  summary: 'SIGKILL to the proxy; healed by starting it again',
  hits: 'proxy',
  forMs: 1_500,
  takesMs: 0,
  needs: [],
  async inject(cluster) {
    await cluster.kill('proxy')
    return injected({ part: 'proxy' }, () => cluster.start('proxy'))
  },
}
