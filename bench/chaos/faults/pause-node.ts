import { drawNode } from '../draw-node.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** SIGSTOP to one living node, shorter than the proxy’s active checks put up with; healing lets it go on with all it held. */
export const pauseNode: Fault = {
  name: 'pause-node',
  summary: 'SIGSTOP to one node for 1 s: its connections stay open and nothing answers',
  hits: 'nodes',
  forMs: 1_000,
  takesMs: 0,
  needs: [],
  async inject(cluster, chance) {
    const { id } = drawNode(cluster, chance, 'pause-node')
    await cluster.pause(id)
    return injected({ part: id }, () => cluster.resume(id))
  },
}
