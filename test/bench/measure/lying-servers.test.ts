import { afterAll, expect, test } from 'vitest'
import { createOpenGenerator } from '#bench/load/open/open-generator.ts'
import type { LoadPlan } from '#bench/load/plan.ts'
import type { CheckedWindow } from '#bench/measure/checked-window.ts'
import { checkGenerator } from '#bench/measure/generator-checks.ts'
import { checkBalance, checkServers } from '#bench/measure/server-checks.ts'
import { type PlantedRequest, planFor, plantServer, refusedUrl } from '../load/planted-server.ts'
import { goodWindow } from './windows.ts'

/** Real load on servers that lie or are gone: whatever they do, the run is void and says why. */

const generator = createOpenGenerator()
afterAll(() => generator.close())

/** A window of the open loop, beside servers that counted exactly what the clients did. */
async function windowOf(plan: LoadPlan): Promise<CheckedWindow> {
  const load = await generator.run(plan)
  const answered = Object.values(load.byNode).reduce((sum, count) => sum + count, 0)
  const { ledger } = goodWindow()
  return {
    arm: 'redis',
    load,
    windowMs: plan.windowMs,
    ledger: { ...ledger, answered, lookups: answered, ok: answered },
  }
}

function voided(window: CheckedWindow): string[] {
  const balance = checkBalance('redis', [window], ['node-1'])
  return [...checkGenerator([window]), ...checkServers([window]), balance]
    .filter(({ ok, voids }) => !ok && voids === 'run')
    .map(({ name }) => name)
}

async function against(onRequest: (request: PlantedRequest) => void, changes: Partial<LoadPlan> = {}) {
  await using server = await plantServer(onRequest)
  return voided(await windowOf(planFor(server.url, { kind: 'open', mode: 'redis', ...changes })))
}

test('a server that says yes with somebody else’s name', async () => {
  const body = JSON.stringify({ id: 'user-999', role: 'user' })
  expect(await against((request) => request.answer({ body }))).toContain('right user in every answer')
})

test('a server that answers in another mode', async () => {
  const headers = { 'x-stillin-mode': 'jwt@1' }
  expect(await against((request) => request.answer({ headers }))).toContain('right mode in every answer')
})

test('a generator that cannot send what is due', async () => {
  const slow = (request: PlantedRequest) => request.answer({ afterMs: 100 })
  expect(await against(slow, { connections: 1, maxQueued: 2 })).toContain('achieved rate')
})

test('a node that is gone', async () => {
  const found = voided(await windowOf(planFor(await refusedUrl(), { kind: 'open' })))
  expect(found).toEqual(expect.arrayContaining(['answers as the table says', 'balance across nodes']))
})

test('a server that counts answers which it never gave', async () => {
  await using server = await plantServer((request) => request.answer())
  const window = await windowOf(planFor(server.url, { kind: 'open', mode: 'redis' }))
  const ledger = { ...window.ledger, answered: window.ledger.answered + 500 }
  expect(voided({ ...window, ledger })).toContain("servers' count = clients' count")
})

test('a clock that stands still', async () => {
  await using server = await plantServer((request) => request.answer())
  const window = await windowOf(planFor(server.url, { kind: 'open', mode: 'redis' }))
  const [start] = window.load.edgesUs
  expect(voided({ ...window, load: { ...window.load, edgesUs: [start, start] } })).toContain('clock')
  expect(voided({ ...window, load: { ...window.load, ticks: { count: 0 } } })).toContain('clock')
})
