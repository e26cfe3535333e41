import type { Cluster } from '#cluster/cluster.ts'
import type { LinkRequest } from '#contract/links.ts'
import { drawNode } from '../draw-node.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** One node, drawn by chance, and the others hear nothing of each other, in neither direction; clients reach them all. */
export const partitionPeers: Fault = {
  name: 'partition-peers',
  summary: 'one node is silent to the others and they to it; clients reach them all',
  hits: 'nodes',
  forMs: 2_500,
  takesMs: 0,
  needs: ['links'],
  async inject(cluster, chance) {
    const { id } = drawNode(cluster, chance, 'partition-peers')
    await linkPeers(cluster, id, { silent: true })
    return injected({ part: id }, () => linkPeers(cluster, id, {}))
  },
}

async function linkPeers(cluster: Cluster, id: string, condition: LinkRequest): Promise<void> {
  const others = cluster.nodes().filter((node) => node.id !== id)
  const both = others.flatMap((other) => [
    cluster.link(id, other.id, condition),
    cluster.link(other.id, id, condition),
  ])
  await Promise.all(both)
}
