import { drawNode } from '../draw-node.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** SIGKILL to one living node, drawn by chance; healing starts it again under the same id and address. */
export const killNode: Fault = {
  name: 'kill-node',
  summary: 'SIGKILL to one node; healed by starting it again, empty',
  hits: 'nodes',
  forMs: 1_500,
  takesMs: 0,
  needs: [],
  async inject(cluster, chance) {
    const { id } = drawNode(cluster, chance, 'kill-node')
    await cluster.kill(id)
    return injected({ part: id, emptied: [id] }, () => cluster.start(id))
  },
}
