import type { Cluster, NodeHandle } from '#cluster/cluster.ts'

/** One living node, drawn by chance. @throws where none is left. */
export function drawNode(cluster: Cluster, chance: () => number, fault: string): NodeHandle {
  const living = cluster.nodes().filter((node) => node.condition === 'ready')
  const victim = living[Math.floor(chance() * living.length)]
  if (!victim) throw new Error(`${fault}: no living node is left`)
  return victim
}
