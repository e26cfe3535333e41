import { drawNode } from '../draw-node.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** One node, drawn by chance, loses Redis: its connections are reset, and new ones too. The others keep it. */
export const cutRedisFromOneNode: Fault = {
  name: 'cut-redis-from-one-node',
  summary: 'one node cannot reach Redis, the others can',
  hits: 'store',
  forMs: 2_500,
  takesMs: 0,
  needs: ['links'],
  async inject(cluster, chance) {
    const { id } = drawNode(cluster, chance, 'cut-redis-from-one-node')
    await cluster.link(id, 'redis', { cut: true })
    return injected({ part: id }, () => cluster.link(id, 'redis', {}))
  },
}
