import type { Cluster, NodeHandle } from '#cluster/cluster.ts'

/** A cluster that does nothing but write down what it was asked to do. */
export function recordedCluster(conditions: readonly NodeHandle['condition'][]) {
  const calls: string[] = []
  const note = (what: string) => async (id: string) => void calls.push(`${what} ${id}`)
  const nodes = conditions.map((condition, index) => {
    const id = `node-${index + 1}`
    return { id, url: '', adminUrl: '', pid: 1, condition }
  })
  const cluster: Cluster = {
    nodes: () => nodes,
    kill: note('kill'),
    start: note('start'),
    pause: note('pause'),
    resume: note('resume'),
    stop: note('stop'),
    drain: note('drain'),
    endDrain: note('end drain of'),
    link: async (from, to, condition) => void calls.push(`link ${from} ${to} ${JSON.stringify(condition)}`),
    whenHealthy: note('wait for'),
    [Symbol.asyncDispose]: async () => {},
  }
  return { cluster, calls }
}
