import { expect, test } from 'vitest'
import type { LedgerSnapshot } from '#bench/measure/cpu-ledger.ts'
import { ledgerBetween, takeSnapshot } from '#bench/measure/cpu-ledger.ts'
import type { NodeUsage, ProxyUsage } from '#contract/node-admin.ts'

function nodeUsage(changes: Partial<NodeUsage> & { id: string }): NodeUsage {
  return {
    pid: 10,
    atUs: 1_000_000,
    mode: 'redis',
    generation: 1,
    renewal: { renewal: 'fixed', refresh: 'store' },
    cpu: { userUs: 1000, systemUs: 500, loopUs: 1200 },
    memory: { rssBytes: 1, heapUsedBytes: 1 },
    eventLoop: { delayP99Ms: 11, utilization: 0.5 },
    answers: { ok: 100, refused: 0, unavailable: 0, clientError: 0, serverError: 0 },
    lookups: 100,
    sessions: { held: 0, bytes: 0, evicted: 0 },
    store: { commands: 0 },
    ...changes,
  }
}

const proxy = (atUs: number, userUs: number, ok: number): ProxyUsage => {
  const {
    id: _,
    lookups: __,
    sessions: ___,
    store: ____,
    renewal: _____,
    ...shared
  } = nodeUsage({ id: '', atUs })
  return {
    ...shared,
    forwarder: 'http-proxy',
    cpu: { userUs, systemUs: 0, loopUs: userUs },
    answers: { ...shared.answers, ok },
    retries: 0,
    pinsMoved: 0,
  }
}

const start: LedgerSnapshot = {
  nodes: [nodeUsage({ id: 'node-1' }), nodeUsage({ id: 'node-2', pid: 11, atUs: 1_002_000 })],
  proxy: proxy(1_001_000, 5000, 200),
  store: { atUs: 1_000_500, userUs: 700, systemUs: 300, commands: 1000 },
}
const end: LedgerSnapshot = {
  nodes: [
    nodeUsage({
      id: 'node-1',
      atUs: 2_003_000,
      cpu: { userUs: 21_000, systemUs: 5500, loopUs: 20_200 },
      answers: { ok: 600, refused: 20, unavailable: 0, clientError: 0, serverError: 0 },
      lookups: 620,
    }),
    nodeUsage({
      id: 'node-2',
      pid: 11,
      atUs: 2_001_000,
      cpu: { userUs: 11_000, systemUs: 500, loopUs: 9200 },
      answers: { ok: 400, refused: 0, unavailable: 0, clientError: 0, serverError: 0 },
      lookups: 400,
    }),
  ],
  proxy: proxy(2_001_000, 45_000, 1000),
  store: { atUs: 2_000_500, userUs: 2700, systemUs: 1300, commands: 1900 },
}

test('a window costs what each tier used between its two readings', () => {
  const ledger = ledgerBetween(start, end, [1_000_000, 2_000_000])
  expect(ledger.node).toEqual({ cpuUs: 35_000, loopUs: 27_000 })
  expect(ledger.nodes.map(({ id, cpuUs, lookups, ok }) => ({ id, cpuUs, lookups, ok }))).toEqual([
    { id: 'node-1', cpuUs: 25_000, lookups: 520, ok: 500 },
    { id: 'node-2', cpuUs: 10_000, lookups: 300, ok: 300 },
  ])
  expect(ledger.proxy).toMatchObject({ cpuUs: 40_000, ok: 800 })
  expect(ledger.store).toEqual({ cpuUs: 3000 })
  expect(ledger.storeCommands).toBe(900)
  expect([ledger.lookups, ledger.ok]).toEqual([820, 800])
  expect(ledger.skewUs).toEqual({ start: 2000, end: 3000 })
  expect(ledger.problems).toEqual([])
})

test('the tiers add up to the processes', () => {
  const ledger = ledgerBetween(start, end, [1_000_000, 2_000_000])
  expect(ledger.node.cpuUs).toBe(ledger.nodes.reduce((sum, node) => sum + node.cpuUs, 0))
})

test('without proxy and store, these tiers are null', () => {
  const ledger = ledgerBetween({ ...start, proxy: null, store: null }, end, [1_000_000, 2_000_000])
  expect([ledger.proxy, ledger.store, ledger.storeCommands]).toEqual([null, null, null])
})

test('a part that was started again, or is new, is named', () => {
  const again = { ...end, nodes: end.nodes.map((node) => ({ ...node, pid: 99 })) }
  expect(ledgerBetween(start, again, [1_000_000, 2_000_000]).problems).toEqual([
    'node-1 was started again within the window',
    'node-2 was started again within the window',
  ])
  const fresh = end.nodes.map((node) => ({ ...node, cpu: { userUs: 1, systemUs: 1, loopUs: 1 } }))
  expect(ledgerBetween(start, { ...end, nodes: fresh }, [1_000_000, 2_000_000]).problems).toHaveLength(2)
  const missing = { ...start, nodes: start.nodes.slice(1) }
  expect(ledgerBetween(missing, end, [0, 1]).problems).toEqual(['node-1 is not in the first snapshot'])
  const store = { atUs: 2_000_500, userUs: 1, systemUs: 1, commands: 3 }
  expect(ledgerBetween(start, { ...end, store }, [0, 1]).problems).toHaveLength(1)
})

test('a snapshot reads every part, and fails where one cannot be read', async () => {
  const readers = start.nodes.map((usage) => ({ read: async () => usage }))
  const store = { read: async () => ({ atUs: 1, userUs: 2, systemUs: 3, commands: 4 }) }
  await expect(takeSnapshot({ nodes: readers, proxy: null, store })).resolves.toMatchObject({
    nodes: start.nodes,
    proxy: null,
    store: { commands: 4 },
  })
  const broken = { read: () => Promise.reject(new Error('gone')) }
  await expect(takeSnapshot({ nodes: [broken], proxy: null, store: null })).rejects.toThrow('gone')
})
