import { describe, expect, it } from 'vitest'
import { faultOutOfReach } from '#bench/experiment/failures/out-of-reach.ts'
import { wipeOutOfReach } from '#bench/experiment/storm/wipe.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { MODES } from '#contract/modes.ts'

function cluster(more: Partial<RunningCluster>, kinds: readonly string[] = []): RunningCluster {
  const parts = kinds.map((kind) => ({ kind }))
  return { state: () => ({ parts }), redis: undefined, ...more } as unknown as RunningCluster
}

const REDIS_OF_OTHERS = { redis: { origin: 'REDIS_URL' } as RunningCluster['redis'] }
const lacks: RunningCluster['lacks'] = (act) =>
  act === 'pause' ? 'its file has no commands.pause' : undefined

describe('what is out of reach', () => {
  it('is nothing where the cluster is this run’s own', () => {
    const own = cluster({ redis: { origin: 'cache' } as RunningCluster['redis'] }, ['redis'])
    for (const fault of ['kill-node', 'pause-redis', 'full-redis', 'silent-redis', 'leaked-key'] as const)
      expect(faultOutOfReach(own, fault)).toBeUndefined()
  })

  it('is what somebody else’s cluster was not started with, and what its file knows no command for', () => {
    const remote = cluster({ lacks })
    expect(faultOutOfReach(remote, 'silent-redis')).toContain('relays in every link')
    expect(faultOutOfReach(remote, 'skew-clock')).toContain('clocks that can be set')
    expect(faultOutOfReach(remote, 'pause-node')).toBe('its file has no commands.pause')
    expect(faultOutOfReach(remote, 'kill-node')).toBeUndefined()
    expect(faultOutOfReach(remote, 'drain-node')).toBeUndefined()
  })

  it('is a Redis of others: it is not filled, emptied or killed', () => {
    const remote = cluster({ lacks, ...REDIS_OF_OTHERS })
    expect(faultOutOfReach(remote, 'full-redis')).toContain('not ours')
    expect(faultOutOfReach(remote, 'kill-redis')).toContain('none of its parts')
    expect(wipeOutOfReach(remote, MODES.redis)).toContain('not ours')
    expect(wipeOutOfReach(remote, MODES.jwt)).toBeUndefined()
    expect(wipeOutOfReach(remote, MODES.sticky)).toBeUndefined()
  })
})
