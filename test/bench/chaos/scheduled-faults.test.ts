import { describe, expect, it } from 'vitest'
import { scheduledFaults } from '#bench/chaos/scheduled-faults.ts'
import { recordedCluster } from './recorded-cluster.ts'

describe('several faults in a row', () => {
  it('strike one after the other, each healed before the next', async () => {
    const { cluster, calls } = recordedCluster(['ready', 'ready', 'ready'])
    const fault = scheduledFaults([
      { fault: 'kill-node', atMs: 1_000, forMs: 5 },
      { fault: 'silent-redis', atMs: 1_010, forMs: 5 },
      { fault: 'pause-node', atMs: 1_020, forMs: 5 },
    ])
    expect(fault.needs).toEqual(['links'])
    const { steps, emptied } = await fault.inject(cluster, () => 0.5, 'redis')
    expect(calls.map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      'kill node-2',
      'start node-2',
      ...Array(2).fill(['link node-1', 'link node-2', 'link node-3']).flat(),
      'pause node-2',
      'resume node-2',
    ])
    expect(emptied).toEqual(['node-2'])
    expect(steps.map(({ fault: name, part }) => `${name} ${part}`)).toEqual([
      'kill-node node-2',
      'silent-redis redis',
      'pause-node node-2',
    ])
    expect(steps.every(({ atUs, healUs }) => healUs >= atUs)).toBe(true)
  })

  it('heal what is broken when they are ended early', async () => {
    const { cluster, calls } = recordedCluster(['ready'])
    const fault = scheduledFaults([{ fault: 'kill-node', atMs: 1_000, forMs: 60_000 }])
    const ending = new AbortController()
    const injecting = fault.inject(cluster, () => 0, 'redis', ending.signal)
    ending.abort()
    await expect(injecting).rejects.toThrow()
    const killed = calls.filter((call) => call.startsWith('kill')).length
    expect(calls.filter((call) => call.startsWith('start'))).toHaveLength(killed)
  })
})
