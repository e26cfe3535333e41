import { describe, expect, it } from 'vitest'
import { wipe, wipeOf, wipeOutOfReach } from '#bench/experiment/storm/wipe.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { MODE_NAMES, MODES } from '#contract/modes.ts'
import { recordedCluster } from '../../chaos/recorded-cluster.ts'

describe('losing every login', () => {
  it('is done where the logins are', () => {
    expect(wipeOf(MODES.redis)).toContain('Redis')
    expect(wipeOf(MODES.sticky)).toContain('killed')
    expect(wipeOf(MODES.replicated)).toContain('killed')
    expect(wipeOf(MODES['jwt-denylist'])).toContain('rotated')
  })

  it('takes the key of tokens that lookups check offline, whatever else is kept of them', async () => {
    const mode = MODES['jwt-hybrid']
    expect(wipeOf(mode)).toContain('rotated')
    const { cluster, calls } = recordedCluster(['ready'])
    await wipe(cluster as RunningCluster, mode, new AbortController().signal)
    expect(calls).toEqual(['rotate keys, revoke old'])
    const withoutRedis = { ...cluster, redis: undefined, state: () => ({ parts: [] }) }
    expect(wipeOutOfReach(withoutRedis as unknown as RunningCluster, mode)).toBeUndefined()
  })

  it('empties Redis where lookups ask it', async () => {
    const { cluster, calls } = recordedCluster(['ready'])
    await wipe(cluster as RunningCluster, MODES['redis-cached'], new AbortController().signal)
    expect(calls).toEqual(['FLUSHALL'])
  })

  it('cannot be done to data cookies alone', () => {
    expect(MODE_NAMES.filter((mode) => wipeOf(MODES[mode]) === undefined)).toEqual(['cookie'])
  })
})
