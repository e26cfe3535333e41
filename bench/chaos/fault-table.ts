import type { FaultName } from '#contract/modes.ts'
import type { Fault } from './fault.ts'
import { addNode } from './faults/add-node.ts'
import { cutRedisFromOneNode } from './faults/cut-redis-from-one-node.ts'
import { drainNode } from './faults/drain-node.ts'
import { evictingRedis } from './faults/evicting-redis.ts'
import { fullMemory } from './faults/full-memory.ts'
import { fullRedis } from './faults/full-redis.ts'
import { killNode } from './faults/kill-node.ts'
import { killProxy } from './faults/kill-proxy.ts'
import { killRedis } from './faults/kill-redis.ts'
import { leakedKey } from './faults/leaked-key.ts'
import { partitionPeers } from './faults/partition-peers.ts'
import { pauseNode } from './faults/pause-node.ts'
import { pauseNodeLong } from './faults/pause-node-long.ts'
import { pauseRedis } from './faults/pause-redis.ts'
import { rollingRestart } from './faults/rolling-restart.ts'
import { rotateKey } from './faults/rotate-key.ts'
import { silentRedis } from './faults/silent-redis.ts'
import { skewClock } from './faults/skew-clock.ts'
import { slowRedis } from './faults/slow-redis.ts'
import { switchMode } from './faults/switch-mode.ts'

/** Every fault by name. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  'add-node': addNode,
  'drain-node': drainNode,
  'kill-node': killNode,
  'kill-proxy': killProxy,
  'kill-redis': killRedis,
  'pause-node': pauseNode,
  'pause-node-long': pauseNodeLong,
  'pause-redis': pauseRedis,
  'rolling-restart': rollingRestart,
  'silent-redis': silentRedis,
  'slow-redis': slowRedis,
  'cut-redis-from-one-node': cutRedisFromOneNode,
  'full-redis': fullRedis,
  'evicting-redis': evictingRedis,
  'full-memory': fullMemory,
  'partition-peers': partitionPeers,
  'skew-clock': skewClock,
  'rotate-key': rotateKey,
  'leaked-key': leakedKey,
  'switch-mode': switchMode,
}
