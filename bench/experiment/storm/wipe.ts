import type { RunningCluster } from '#cluster/cluster.ts'
import type { Mode } from '#contract/modes.ts'
import { type Act, outOfReach } from '../failures/out-of-reach.ts'
import { whenWhole } from '../failures/when-whole.ts'

/** What has to go for every login to be lost: what the lookups of a mode look at. */
type Home = 'redis' | 'node memory' | 'signing key'

const WORDS: Readonly<Record<Home, string>> = {
  redis: 'Redis emptied',
  'node memory': 'every node killed and started',
  'signing key': 'signing key rotated, old ones refused',
}
const ACTS: Readonly<Record<Home, readonly Act[]>> = {
  redis: ['redis-commands'],
  'node memory': ['kill', 'start'],
  'signing key': [],
}

/** How every login of a mode is lost at once; undefined: in this mode nothing does that. */
export function wipeOf(mode: Mode): string | undefined {
  const home = homeOf(mode)
  return home && WORDS[home]
}

/** Why that cannot be done to this cluster; undefined: it can. */
export function wipeOutOfReach(cluster: RunningCluster, mode: Mode): string | undefined {
  const home = homeOf(mode)
  const acts = home === undefined ? [] : ACTS[home]
  return acts.map((act) => outOfReach(cluster, act)).find((why) => why !== undefined)
}

/** Loses every login. Resolves when the cluster is whole again. */
export async function wipe(cluster: RunningCluster, mode: Mode, signal: AbortSignal): Promise<void> {
  const home = homeOf(mode)
  if (home === 'redis') {
    await cluster.askRedis('FLUSHALL')
  } else if (home === 'signing key') {
    await cluster.rotateKeys(true)
  } else if (home === 'node memory') {
    const ids = cluster.nodes().map(({ id }) => id)
    await Promise.all(ids.map((id) => cluster.kill(id)))
    await Promise.all(ids.map((id) => cluster.start(id)))
    await whenWhole(cluster, signal)
  }
}

/** A token that lookups check offline lives on without any store: only its key ends it. */
function homeOf({ credential, verification, store }: Mode): Home | undefined {
  if (store === 'client' || verification === 'offline')
    return credential === 'access-token' ? 'signing key' : undefined
  return store === 'redis' ? 'redis' : 'node memory'
}
