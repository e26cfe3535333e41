import { expect, it } from 'vitest'
import { faultLagTables } from '#bench/report/table/fault-lag-table.ts'
import { createPaint } from '#bench/report/terminal/paint.ts'
import { printTable } from '#bench/report/terminal/text-table.ts'
import type { FaultLag, FaultLagRow, NodeLag } from '#contract/lag.ts'

const spread = (max: number, count = 9) => ({ count, p50: max / 2, p99: max, max })
const node = (max: number, facts: Partial<NodeLag> = {}): NodeLag => ({
  lag: spread(max),
  answeredMaxMs: max,
  questions: 40,
  unavailable: 10,
  unanswered: 0,
  unfinished: 0,
  ...facts,
})
const row = (facts: Partial<FaultLagRow> = {}): FaultLagRow => ({
  when: 'before',
  kinds: ['logout', 'ban'],
  promise: 'within-bound',
  boundMs: 1000,
  ends: { acknowledged: 9, refused: 2, unsure: 0, denied: 0 },
  all: node(12.5),
  nodes: ['node-1', 'node-2', 'node-3'].map((id, place) => ({ id, hit: place === 1, ...node(12.5 * place) })),
  verdict: 'kept',
  ...facts,
})
const run = (facts: Partial<FaultLag> = {}): FaultLag => ({
  mode: 'redis-cached',
  fault: 'cut-redis-from-one-node',
  part: 'node-2',
  forMs: 2_500,
  lifetimeS: 6,
  steady: true,
  gap: spread(9),
  probes: [],
  rows: [row(), row({ when: 'during', verdict: 'beyond', all: node(1_204) })],
  ...facts,
})
const print = (...asked: Parameters<typeof faultLagTables>) =>
  faultLagTables(...asked)
    .map((table) => printTable(table, 100, createPaint(false)))
    .join('\n')

it('a row says who was told, what was still accepted, and whether that was within the promise', () => {
  const text = print([run(), run({ fault: 'skew-clock', detail: 'ten minutes fast' })])
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  expect(text).toContain('redis-cached, around a fault. Promised: within 1000 ms')
  expect(text).toMatch(/cut-redis-from-one-node +before +9 +2 +9 +6\.25 ms +12\.5 ms +12\.5 ms +25 +within/)
  expect(text).toMatch(/cut-redis-from-one-node +during .* 1\.2 s +25 +BEYOND/)
  expect(text).toMatch(/¹ node-2: ten minutes fast/)
  expect(text).not.toMatch(/unsure +n/)
})

it('what was unsure or denied is counted apart where there was any, and an unsteady fault counts for nothing', () => {
  const ends = { acknowledged: 9, refused: 0, unsure: 1, denied: 3 }
  const text = print([run({ fault: 'kill-node', steady: false, reason: '2 of 9 …', rows: [row({ ends })] })])
  expect(text).toMatch(/kill-node¹ +before +9 +0 +1 +3 +9 +– +– +– +25 +void/)
  expect(text).toContain('Counts for nothing: 2 of 9 …')
})

it('a row a node marks the one that was hit, and says until when it answered so', () => {
  const text = print([run()], 'each-node')
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  expect(text).toMatch(/before +node-1 +9 +0 +0 +0 +0 +25 +within/)
  expect(text).toMatch(/before +node-2\* +9 +6\.25 ms +12\.5 ms +12\.5 ms +12\.5 ms +25$/m)
})

it('a mode whose kinds differ in their promise names the kinds', () => {
  const rows = [
    row({ kinds: ['logout'], promise: 'while-node-lives', boundMs: 0 }),
    row({ kinds: ['ban', 'password'], promise: 'by-chance', boundMs: null, verdict: 'no-promise' }),
  ]
  const text = print([run({ mode: 'sticky', fault: 'kill-node', rows })])
  expect(text).toContain('Promised: logout: at once; ban, password: by chance; 6 s')
  expect(text).toMatch(/kill-node +before +logout/)
  expect(text).toMatch(/kill-node +before +others/)
})
