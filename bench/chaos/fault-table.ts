import type { FaultName } from '#contract/modes.ts'
import type { Fault } from './fault.ts'
import { drainNode } from './faults/drain-node.ts'
import { killNode } from './faults/kill-node.ts'
import { killProxy } from './faults/kill-proxy.ts'
import { killRedis } from './faults/kill-redis.ts'
import { pauseNode } from './faults/pause-node.ts'
import { pauseNodeLong } from './faults/pause-node-long.ts'
import { pauseRedis } from './faults/pause-redis.ts'
import { rollingRestart } from './faults/rolling-restart.ts'

/** Every fault by name. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  'kill-node': killNode,
  'pause-node': pauseNode,
  'pause-node-long': pauseNodeLong,
  'rolling-restart': rollingRestart,
  'drain-node': drainNode,
  'kill-proxy': killProxy,
  'kill-redis': killRedis,
  'pause-redis': pauseRedis,
}
