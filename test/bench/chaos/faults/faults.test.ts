import { describe, expect, it } from 'vitest'
import { FAULTS } from '#bench/chaos/fault-table.ts'
import type { FaultName } from '#contract/modes.ts'
import { recordedCluster } from '../recorded-cluster.ts'

/** What each fault does to three living nodes with a chance of 0.5, what heals it, and whose memory is lost. */
const DONE: readonly (readonly [FaultName, string[], string[], string[]])[] = [
  ['pause-node', ['pause node-2'], ['resume node-2'], []],
  ['pause-node-long', ['pause node-2'], ['resume node-2'], []],
  ['drain-node', ['drain node-2'], ['end drain of node-2'], []],
  ['kill-proxy', ['kill proxy'], ['start proxy'], []],
  ['kill-redis', ['kill redis'], ['start redis'], []],
  ['pause-redis', ['pause redis'], ['resume redis'], []],
]

describe('a fault', () => {
  it.each(DONE)('%s breaks one part, and healing undoes it once', async (name, broken, healed, emptied) => {
    const { cluster, calls } = recordedCluster(['ready', 'ready', 'ready'])
    const injected = await FAULTS[name].inject(cluster, () => 0.5)
    expect(calls).toEqual(broken)
    expect(injected.emptied).toEqual(emptied)
    await injected[Symbol.asyncDispose]()
    await injected[Symbol.asyncDispose]()
    expect(calls).toEqual([...broken, ...healed])
  })

  it.each(['pause-node', 'pause-node-long', 'drain-node', 'rolling-restart'] as const)(
    '%s says so when no node is left',
    async (name) => {
      const { cluster } = recordedCluster(['stopped', 'paused'])
      await expect(FAULTS[name].inject(cluster, () => 0)).rejects.toThrow(`${name}: no living node is left`)
    },
  )
})

describe('rolling-restart', () => {
  it('restarts one node after the other, each waited for, and leaves nothing to heal', async () => {
    const { cluster, calls } = recordedCluster(['ready', 'stopped', 'ready'])
    const injected = await FAULTS['rolling-restart'].inject(cluster, () => 0)
    await injected[Symbol.asyncDispose]()
    expect(calls).toEqual([
      'stop node-1',
      'start node-1',
      'wait for node-1',
      'stop node-3',
      'start node-3',
      'wait for node-3',
    ])
    expect(injected.emptied).toEqual(['node-1', 'node-3'])
  })
})
