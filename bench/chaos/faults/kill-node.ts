import type { Cluster } from '#cluster/cluster.ts'
import type { Fault, InjectedFault } from '../fault.ts'

/** SIGKILL to one living node, drawn by chance; healing starts it again under the same id and address. */
export const killNode: Fault = {
  name: 'kill-node',
  summary: 'SIGKILL to one node; healed by starting it again, empty',
  async inject(cluster: Cluster, chance: () => number): Promise<InjectedFault> {
    const living = cluster.nodes().filter((node) => node.condition === 'ready')
    const victim = living[Math.floor(chance() * living.length)]
    if (!victim) throw new Error('kill-node: no living node to kill')
    await cluster.kill(victim.id)
    let healed = false
    return {
      part: victim.id,
      async [Symbol.asyncDispose]() {
        if (healed) return
        healed = true
        await cluster.start(victim.id)
      },
    }
  },
}
