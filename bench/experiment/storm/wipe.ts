import type { RunningCluster } from '#cluster/cluster.ts'
import type { Mode } from '#contract/modes.ts'
import { type Act, outOfReach } from '../failures/out-of-reach.ts'
import { whenWhole } from '../failures/when-whole.ts'

/** How every login of a mode is lost at once; undefined: in this mode nothing does that. */
export function wipeOf(mode: Mode): string | undefined {
  if (mode.store === 'redis') return 'Redis emptied'
  if (mode.store === 'node-memory' || mode.store === 'every-node') return 'every node killed and started'
  return mode.credential === 'access-token' ? 'signing key rotated, old ones refused' : undefined
}

/** Why that cannot be done to this cluster; undefined: it can. */
export function wipeOutOfReach(cluster: RunningCluster, mode: Mode): string | undefined {
  if (mode.store === 'client') return undefined
  const acts: readonly Act[] = mode.store === 'redis' ? ['redis-commands'] : ['kill', 'start']
  return acts.map((act) => outOfReach(cluster, act)).find((why) => why !== undefined)
}

/** Loses every login. Resolves when the cluster is whole again. */
export async function wipe(cluster: RunningCluster, mode: Mode, signal: AbortSignal): Promise<void> {
  if (mode.store === 'redis') {
    await cluster.askRedis('FLUSHALL')
  } else if (mode.store === 'client') {
    await cluster.rotateKeys(true)
  } else {
    const ids = cluster.nodes().map(({ id }) => id)
    await Promise.all(ids.map((id) => cluster.kill(id)))
    await Promise.all(ids.map((id) => cluster.start(id)))
    await whenWhole(cluster, signal)
  }
}
