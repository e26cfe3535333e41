import { drawNode } from '../draw-node.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** The proxy sends one node, drawn by chance, no new users; healing takes it back into rotation. */
export const drainNode: Fault = {
  name: 'drain-node',
  summary: 'one node gets no new users; healed by taking it back',
  hits: 'nodes',
  forMs: 1_500,
  takesMs: 0,
  needs: [],
  async inject(cluster, chance) {
    const { id } = drawNode(cluster, chance, 'drain-node')
    await cluster.drain(id)
    return injected({ part: id }, () => cluster.endDrain(id))
  },
}
