import { FAULTS } from '#bench/chaos/fault-table.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import type { RemoteAct } from '#cluster/remote/remote-driver.ts'
import type { FaultName } from '#contract/modes.ts'

/** What has to be done to parts that somebody else runs; the others are done through control and private listeners. */
const ACTS: Readonly<Partial<Record<FaultName, readonly Act[]>>> = {
  'kill-node': ['kill', 'start'],
  'kill-proxy': ['kill', 'start'],
  'kill-redis': ['redis-part', 'kill', 'start'],
  'pause-node': ['pause', 'resume'],
  'pause-node-long': ['pause', 'resume'],
  'pause-redis': ['redis-part', 'pause', 'resume'],
  'rolling-restart': ['stop', 'start'],
  'full-redis': ['redis-commands'],
  'evicting-redis': ['redis-commands'],
  'leaked-key': ['keys'],
}

/** What a cluster may not let be done to it. */
export type Act = RemoteAct | 'redis-part' | 'redis-commands'

const NEED_WORDS = {
  links: 'relays in every link',
  'movable-clocks': 'clocks that can be set',
  'memory-bound': 'a bound of its own for session memory',
} as const

/** Why this cannot be done to this cluster, in words; undefined: it can. */
export function outOfReach(cluster: RunningCluster, act: Act): string | undefined {
  const { redis } = cluster
  if (act === 'redis-commands') {
    if (redis === undefined) return 'no Redis of it can be read from here'
    // The Redis of REDIS_URL, or of an attach file, holds what others put there.
    return redis.origin === 'REDIS_URL' ? 'its Redis is not ours to fill or empty' : undefined
  }
  if (act === 'redis-part')
    return cluster.state().parts.some(({ kind }) => kind === 'redis')
      ? undefined
      : 'its Redis is none of its parts'
  return cluster.lacks?.(act)
}

/** The same of a fault. */
export function faultOutOfReach(cluster: RunningCluster, fault: FaultName): string | undefined {
  const [need] = cluster.lacks === undefined ? [] : FAULTS[fault].needs
  if (need !== undefined) return `it wants a cluster that was started with ${NEED_WORDS[need]}`
  return (ACTS[fault] ?? []).map((act) => outOfReach(cluster, act)).find((why) => why !== undefined)
}
