import type { Cluster, NodeHandle } from '#cluster/cluster.ts'

const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** A login whose token anybody can read. */
const SEEDED = [
  {
    userId: 'user-1',
    headers: {
      authorization: `Bearer ${text({ alg: 'HS256', kid: 'k' })}.${text({ sub: 'user-1', role: 'user' })}.sig`,
    },
  },
]

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
    async addNode() {
      calls.push('add a node')
      return `node-${nodes.length + 1}`
    },
    removeNode: note('remove'),
    link: async (from, to, condition) => void calls.push(`link ${from} ${to} ${JSON.stringify(condition)}`),
    renewBy: async ({ renewal }) => void calls.push(`renew by ${renewal}`),
    setClock: async (id, offsetMs) => void calls.push(`clock of ${id} ${offsetMs}`),
    async seed(id, { userIds, lifetimeS }) {
      calls.push(`seed ${id} ${userIds.length} for ${lifetimeS ?? 'ever'}`)
      return [...SEEDED]
    },
    async askRedis(...command) {
      calls.push(command.join(' '))
      return 'used_memory:1000000'
    },
    rotateKeys: async (revokeOld) => void calls.push(`rotate keys${revokeOld ? ', revoke old' : ''}`),
    signingKey: async () => ({ kid: 'k', alg: 'HS256', kty: 'oct', k: 'c2VjcmV0' }),
    async setMode(mode) {
      calls.push(`mode ${mode}`)
      return { mode, generation: 2 }
    },
    whenHealthy: note('wait for'),
    [Symbol.asyncDispose]: async () => {},
  }
  return { cluster, calls }
}
