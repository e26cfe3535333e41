import { describe, expect, it } from 'vitest'
import { FAULTS } from '#bench/chaos/fault-table.ts'
import { killNode } from '#bench/chaos/faults/kill-node.ts'
import { FAULT_NAMES, MODE_NAMES, MODES } from '#contract/modes.ts'
import { recordedCluster } from '../recorded-cluster.ts'

describe('kill-node', () => {
  it('kills one living node by chance, and starts it again when healed', async () => {
    const { cluster, calls } = recordedCluster(['ready', 'ready', 'ready'])
    const injected = await killNode.inject(cluster, () => 0.5, 'local')
    expect(injected.part).toBe('node-2')
    expect(calls).toEqual(['kill node-2'])
    await injected[Symbol.asyncDispose]()
    expect(calls).toEqual(['kill node-2', 'start node-2'])
  })

  it('heals once, however often it is told to', async () => {
    const { cluster, calls } = recordedCluster(['ready'])
    const injected = await killNode.inject(cluster, () => 0, 'local')
    await injected[Symbol.asyncDispose]()
    await injected[Symbol.asyncDispose]()
    expect(calls).toEqual(['kill node-1', 'start node-1'])
  })

  it('hits only what is alive', async () => {
    const { cluster, calls } = recordedCluster(['stopped', 'paused', 'ready'])
    await killNode.inject(cluster, () => 0, 'local')
    expect(calls).toEqual(['kill node-3'])
  })

  it('says so when nothing is left to kill', async () => {
    const { cluster } = recordedCluster(['stopped'])
    await expect(killNode.inject(cluster, () => 0, 'local')).rejects.toThrow('no living node')
  })
})

describe('the table of faults', () => {
  it('has every fault that the contract names, under its own name', () => {
    for (const name of FAULT_NAMES) expect(FAULTS[name].name).toBe(name)
  })

  it('lists faults of the store for exactly the modes that need it', () => {
    for (const name of MODE_NAMES) {
      const ofStore = MODES[name].faults.filter((fault) => FAULTS[fault].hits === 'store')
      expect(ofStore.length > 0).toBe(MODES[name].needs.includes('redis'))
    }
  })
})
