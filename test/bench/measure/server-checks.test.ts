import { expect, test } from 'vitest'
import type { CheckedWindow } from '#bench/measure/checked-window.ts'
import type { LedgerWindow } from '#bench/measure/cpu-ledger.ts'
import { checkBalance, checkServers } from '#bench/measure/server-checks.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import { goodWindow } from './windows.ts'

function failures(window: CheckedWindow): { name: string; voids: string; detail: string }[] {
  return checkServers([goodWindow(), window])
    .filter(({ ok }) => !ok)
    .map(({ name, voids, detail }) => ({ name, voids, detail }))
}

const withLedger = (changes: Partial<LedgerWindow>): CheckedWindow => {
  const window = goodWindow()
  return { ...window, ledger: { ...window.ledger, ...changes } }
}

test('good windows pass every check', () => {
  expect(failures(goodWindow())).toEqual([])
})

test('an answer that names somebody else voids the run, however like a success it looked', () => {
  const outcomes = { ...emptyOutcomeCounts(), ok: 1499, wrong_user: 1 }
  expect(failures(goodWindow({ outcomes }))).toMatchObject([
    { name: 'right user in every answer', voids: 'run', detail: '1 of 3000 answers named somebody else' },
  ])
})

test('an answer in another mode voids the run', () => {
  expect(failures(goodWindow({ wrongMode: 1 }))).toMatchObject([{ name: 'right mode in every answer' }])
})

test('more than one failure in a thousand voids the run and is named; refusals that are right are none', () => {
  const failed = { ...emptyOutcomeCounts(), ok: 1496, '5xx': 3, reset: 1 }
  expect(failures(goodWindow({ outcomes: failed }))).toMatchObject([
    { name: 'answers as the table says', voids: 'run', detail: '4 of 3000 requests failed: 3 5xx, 1 reset' },
  ])
  const refused = { ...emptyOutcomeCounts(), ok: 500, refused_as_expected: 1000 }
  expect(failures(goodWindow({ outcomes: refused }))).toEqual([])
})

test("the servers' count may differ by what was in flight or passed while reading, and by no more", () => {
  // 3 in flight, 1.5 requests a ms over 5 ms of reading, and 5 of slack.
  expect(failures(withLedger({ answered: 1516 }))).toEqual([])
  expect(failures(withLedger({ answered: 1484 }))).toEqual([])
  expect(failures(withLedger({ answered: 1517 }))).toMatchObject([
    { name: "servers' count = clients' count" },
  ])
  expect(failures(withLedger({ answered: 1483 }))).toMatchObject([{ voids: 'run' }])
})

test("the proxy's own answers are not counted as the nodes'", () => {
  const window = goodWindow({ byNode: { 'node-1': 750, 'node-2': 750, proxy: 300, '': 5 } })
  expect(failures(window)).toEqual([])
})

test('a part that was started again, or read long after the edge, voids the run', () => {
  expect(failures(withLedger({ problems: ['node-2 was started again within the window'] }))).toMatchObject([
    { name: 'servers were read in time', detail: 'node-2 was started again within the window' },
  ])
  const late = withLedger({ skewUs: { start: 0, end: 300_000 } })
  expect(failures(late)).toMatchObject([{ name: 'servers were read in time', voids: 'run' }])
})

test('load that leans on one node, or leaves one out, voids the run', () => {
  const nodes = ['node-1', 'node-2', 'node-3']
  expect(checkBalance('redis', [goodWindow()], nodes)).toMatchObject({ ok: true, voids: 'run' })
  const leaning = goodWindow({ byNode: { 'node-1': 700, 'node-2': 400, 'node-3': 400 } })
  expect(checkBalance('redis', [leaning], nodes).ok).toBe(false)
  const dead = goodWindow({ byNode: { 'node-1': 750, 'node-2': 750 } })
  expect(checkBalance('redis', [dead], nodes)).toMatchObject({
    ok: false,
    detail: 'node-1 50.0 %, node-2 50.0 %, node-3 0.0 %',
  })
  expect(checkBalance('redis', [], nodes).ok).toBe(false)
})

test('a run without a window proves nothing', () => {
  expect(checkServers([]).filter(({ ok }) => !ok)).toHaveLength(1)
})
