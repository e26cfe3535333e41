import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/**
 * Every living node in turn is told to end (SIGTERM) and started again; the next one follows when the proxy takes it
 * for healthy. A deployment, not a failure: there is nothing to heal.
 */
export const rollingRestart: Fault = {
  name: 'rolling-restart',
  summary: 'SIGTERM to each node in turn, started again, empty, and waited for before the next',
  hits: 'nodes',
  forMs: null,
  takesMs: 5_000,
  needs: [],
  async inject(cluster) {
    const living = cluster.nodes().filter((node) => node.condition === 'ready')
    if (living.length === 0) throw new Error('rolling-restart: no living node is left')
    const restarted = living.map(({ id }) => id)
    for (const id of restarted) {
      await cluster.stop(id)
      await cluster.start(id)
      await cluster.whenHealthy(id)
    }
    return injected({ part: 'all nodes', emptied: restarted }, async () => {})
  },
}
