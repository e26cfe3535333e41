import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { FAULTS } from '#bench/chaos/fault-table.ts'
import { StillinError } from '#contract/errors.ts'
import type { FaultName } from '#contract/modes.ts'
import { recordedCluster } from '../recorded-cluster.ts'

function toAll(to: string, condition: string): string[] {
  return ['node-1', 'node-2', 'node-3'].map((from) => `link ${from} ${to} ${condition}`)
}

function aroundNode2(condition: string): string[] {
  const pairs = ['node-2 node-1', 'node-1 node-2', 'node-2 node-3', 'node-3 node-2']
  return pairs.map((pair) => `link ${pair} ${condition}`)
}

/** What each fault does to three living nodes with a chance of 0.5, what heals it, and whose memory is lost. */
const DONE: readonly (readonly [FaultName, string[], string[], string[]])[] = [
  ['pause-node', ['pause node-2'], ['resume node-2'], []],
  ['pause-node-long', ['pause node-2'], ['resume node-2'], []],
  ['drain-node', ['drain node-2'], ['end drain of node-2'], []],
  ['add-node', ['add a node'], ['drain node-4', 'remove node-4'], []],
  ['kill-proxy', ['kill proxy'], ['start proxy'], []],
  ['kill-redis', ['kill redis'], ['start redis'], []],
  ['pause-redis', ['pause redis'], ['resume redis'], []],
  ['silent-redis', toAll('redis', '{"silent":true}'), toAll('redis', '{}'), []],
  ['slow-redis', toAll('redis', '{"delayMs":60,"jitterMs":40}'), toAll('redis', '{}'), []],
  ['cut-redis-from-one-node', ['link node-2 redis {"cut":true}'], ['link node-2 redis {}'], []],
  [
    'full-redis',
    ['CONFIG SET maxmemory-policy noeviction', 'CONFIG SET maxmemory 1'],
    ['CONFIG SET maxmemory 0'],
    [],
  ],
  [
    'evicting-redis',
    [
      'INFO stats',
      'CONFIG SET maxmemory-policy volatile-lru',
      'CONFIG SET maxmemory 1',
      'INFO keyspace',
      'INFO memory',
      `CONFIG SET maxmemory ${1_000_000 + 1024 * 1024}`,
      'INFO stats',
    ],
    ['CONFIG SET maxmemory 0', 'CONFIG SET maxmemory-policy noeviction'],
    [],
  ],
  ['partition-peers', aroundNode2('{"silent":true}'), aroundNode2('{}'), []],
  ['skew-clock', ['clock of node-2 -600000'], ['clock of node-2 0'], []],
  ['rotate-key', ['rotate keys'], [], []],
  ['leaked-key', ['seed node-2 1 for ever'], ['rotate keys, revoke old'], []],
  ['switch-mode', ['mode cookie'], ['mode redis'], []],
]

describe('a fault', () => {
  it.each(DONE)('%s breaks one part, and healing undoes it once', async (name, broken, healed, emptied) => {
    const { cluster, calls } = recordedCluster(['ready', 'ready', 'ready'])
    const injected = await FAULTS[name].inject(cluster, () => 0.5, 'redis')
    expect(calls).toEqual(broken)
    expect(injected.emptied).toEqual(emptied)
    await injected[Symbol.asyncDispose]()
    await injected[Symbol.asyncDispose]()
    expect(calls).toEqual([...broken, ...healed])
  })

  it.each([
    'pause-node',
    'pause-node-long',
    'drain-node',
    'rolling-restart',
    'partition-peers',
    'skew-clock',
    'full-memory',
  ] as const)('%s says so when no node is left', async (name) => {
    const { cluster } = recordedCluster(['stopped', 'paused'])
    await expect(FAULTS[name].inject(cluster, () => 0, 'redis')).rejects.toThrow(
      `${name}: no living node is left`,
    )
  })
})

describe('leaked-key', () => {
  it('forges an admin that the stolen key has signed', async () => {
    const { cluster } = recordedCluster(['ready'])
    const { forged } = await FAULTS['leaked-key'].inject(cluster, () => 0, 'jwt')
    const [header, payload, signature] = (forged?.headers['authorization'] ?? '')
      .replace('Bearer ', '')
      .split('.')
    expect(JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())).toEqual({
      sub: 'user-1',
      role: 'admin',
    })
    const expected = createHmac('sha256', 'secret').update(`${header}.${payload}`).digest('base64url')
    expect(signature).toBe(expected)
  })
})

describe('full-memory', () => {
  it('makes logins that soon expire until the node has no room, and heals when they have', async () => {
    const { cluster, calls } = recordedCluster(['ready'])
    let room = 3
    const full: typeof cluster = {
      ...cluster,
      seed: async (id, request) => {
        room -= 1
        if (room < 0) throw new StillinError(`${id} refused POST /sessions: memory_full`)
        return cluster.seed(id, request)
      },
    }
    await FAULTS['full-memory'].inject(full, () => 0, 'local')
    expect(calls).toEqual(Array(3).fill('seed node-1 500 for 3'))
  })
})

describe('rolling-restart', () => {
  it('restarts one node after the other, each waited for, and leaves nothing to heal', async () => {
    const { cluster, calls } = recordedCluster(['ready', 'stopped', 'ready'])
    const injected = await FAULTS['rolling-restart'].inject(cluster, () => 0, 'redis')
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
