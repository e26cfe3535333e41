import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '#cluster/cluster.ts'
import { StillinError } from '#contract/errors.ts'
import { labUserId } from '#contract/lab.ts'
import { drawNode } from '../draw-node.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** Logins that fill it live this long, so that the node heals by itself. */
const LIFETIME_S = 3
const CHUNK = 500
/** As many as a node is ever asked to hold; one that takes more has no bound to be filled to. */
const MOST = 200_000

/** One node’s session memory is filled to its bound with logins that soon expire: no more can be made there until then. */
export const fullMemory: Fault = {
  name: 'full-memory',
  summary: 'one node’s session memory is full: logins that it holds go on, new ones are refused there',
  hits: 'nodes',
  forMs: LIFETIME_S * 1000,
  takesMs: 500,
  needs: ['memory-bound'],
  async inject(cluster, chance) {
    const { id } = drawNode(cluster, chance, 'full-memory')
    await fill(cluster, id)
    const emptyAtMs = performance.now() + (LIFETIME_S + 1) * 1000
    // Whoever asked for less time waits: until the last of them has expired nothing has healed.
    return injected({ part: id }, () => sleep(Math.max(0, emptyAtMs - performance.now())))
  },
}

async function fill(cluster: Cluster, nodeId: string): Promise<void> {
  const userIds = Array.from({ length: CHUNK }, () => labUserId(0))
  for (let made = 0; made < MOST; made += CHUNK) {
    try {
      await cluster.seed(nodeId, { userIds, lifetimeS: LIFETIME_S })
    } catch (error) {
      if (error instanceof StillinError && error.message.includes('memory_full')) return
      throw error
    }
  }
  throw new StillinError(`full-memory: ${nodeId} took ${MOST} logins and was not full`)
}
