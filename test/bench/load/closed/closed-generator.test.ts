import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createClosedGenerator } from '#bench/load/closed/closed-generator.ts'
import type { LoadPlan, LoadWindow } from '#bench/load/plan.ts'
import { MODES } from '#contract/modes.ts'
import { OUTCOMES } from '#contract/outcomes.ts'
import { stillinTarget } from '#contract/target.ts'
import type { PlantedRequest } from '../planted-server.ts'
import { planFor, plantServer, refusedUrl, renderAnswer } from '../planted-server.ts'

async function runAgainst(
  onRequest: (request: PlantedRequest) => void,
  changes: Partial<LoadPlan> = {},
): Promise<LoadWindow> {
  await using server = await plantServer(onRequest)
  const window = await createClosedGenerator().run(planFor(server.url, changes))
  expectSums(window)
  return window
}

/** What was in flight and what was sent is what ended and what is in flight; never more than one a connection. */
function expectSums(window: LoadWindow): void {
  const ended = OUTCOMES.reduce((sum, outcome) => sum + window.outcomes[outcome], 0)
  expect(window.inFlight[0] + window.intended).toBe(ended + window.inFlight[1])
  expect(window.inFlight[1]).toBeLessThanOrEqual(4)
}

function onlyOutcomes(window: LoadWindow): string[] {
  return OUTCOMES.filter((outcome) => window.outcomes[outcome] > 0)
}

test('whole answers with the right user are ok, counted by node, with fractional latency', async () => {
  const window = await runAgainst((request) => request.answer(), { mode: 'redis' })
  expect(onlyOutcomes(window)).toEqual(['ok'])
  expect(window.byNode).toEqual({ 'node-1': window.outcomes.ok })
  expect(window.wrongMode).toBe(0)
  expect(window.serviceMs.count).toBe(window.outcomes.ok)
  expect(Number.isInteger((window.serviceMs.p50 ?? 0) * 1000)).toBe(true)
  expect(window.serviceMs.p50).toBeGreaterThan(0)
  expect(window.bytesDown).toBe(window.outcomes.ok * renderAnswer('user-1').length)
  expect(window.latenessMs).toEqual({ p50: null, p99: null })
})

test('each connection sends its own credential', async () => {
  const users = new Map<string, Set<string>>()
  await runAgainst((request) => {
    const from = `${request.socket.remoteAddress}:${request.socket.remotePort}`
    users.set(from, (users.get(from) ?? new Set()).add(request.user))
    request.answer()
  })
  expect([...users.values()].map((seen) => [...seen].join()).sort()).toEqual([
    'user-1',
    'user-2',
    'user-3',
    'user-4',
  ])
})

test('a connection that follows presents what the last success handed out, and never an earlier one', async () => {
  const target = stillinTarget(MODES.redis, 'http://127.0.0.1:1', [], 'pair')
  const current = new Map<string, number>()
  let stale = 0
  const window = await runAgainst(
    (request) => {
      const user = /stillin_session=(user-\d+)/.exec(request.head)?.[1] ?? ''
      const place = Number(/stillin_refresh=(\d+)/.exec(request.head)?.[1])
      const wanted = current.get(user) ?? 1
      if (place !== wanted || !request.head.startsWith('POST /refresh ')) stale += 1
      current.set(user, wanted + 1)
      request.answer({ headers: { 'set-cookie': `stillin_refresh=${wanted + 1}; Path=/` } })
    },
    {
      ...(target.requests.refresh && { request: target.requests.refresh }),
      follow: { target, operation: 'refresh' },
      clients: [1, 2, 3, 4].map((user) => ({
        userId: `user-${user}`,
        headers: { cookie: `stillin_session=user-${user}; stillin_refresh=1` },
        expectation: 'accept',
      })),
    },
  )
  expect(onlyOutcomes(window)).toEqual(['ok'])
  expect(Math.min(...current.values())).toBeGreaterThan(2)
  expect(stale).toBe(0)
})

test('on Linux each connection comes from a loopback address of its own', async () => {
  const addresses = new Set<string | undefined>()
  await runAgainst((request) => {
    addresses.add(request.socket.remoteAddress)
    request.answer()
  })
  expect(addresses.size).toBe(process.platform === 'linux' ? 4 : 1)
})

test('a FIN in flight is one aborted request, and no later answer is matched to it', async () => {
  let killed = 0
  const window = await runAgainst(
    (request) => {
      if (request.index % 50 !== 49 || killed === 10) return request.answer()
      killed++
      // Half an answer: what is left of it must not meet the next connection's first bytes.
      request.socket.end(renderAnswer(request.user).slice(0, -9))
    },
    { leadMs: 0, windowMs: 900 },
  )
  expect(killed).toBe(10)
  expect(window.outcomes.aborted).toBe(10)
  expect(onlyOutcomes(window)).toEqual(['ok', 'aborted'])
  expect(window.reconnects).toBe(10)
})

test('an RST in flight is one reset request', async () => {
  let killed = 0
  const window = await runAgainst(
    (request) => {
      if (request.index % 50 !== 49 || killed === 10) return request.answer()
      killed++
      request.socket.resetAndDestroy()
    },
    { leadMs: 0, windowMs: 900 },
  )
  expect(window.outcomes.reset).toBe(10)
  expect(onlyOutcomes(window)).toEqual(['ok', 'reset'])
})

test('a refused port is tried again only after a rest, each try one refused request', async () => {
  const window = await createClosedGenerator().run(planFor(await refusedUrl(), { windowMs: 500 }))
  expect(onlyOutcomes(window)).toEqual(['connect_refused'])
  // Four connections with 20 ms of rest at least: 25 tries each in 500 ms, and one at the edge.
  expect(window.outcomes.connect_refused).toBeLessThanOrEqual(4 * 26)
  expect(window.outcomes.connect_refused).toBeGreaterThan(4)
  expect(window.serviceMs.count).toBe(0)
})

test('silence is a timeout after the time given, and the connection is opened anew', async () => {
  let silenced = 0
  const window = await runAgainst(
    (request) => {
      if (request.index >= 40 && silenced < 3) silenced++
      else request.answer()
    },
    { leadMs: 0, windowMs: 700, timeoutMs: 150 },
  )
  expect(window.outcomes.timeout).toBe(3)
  expect(onlyOutcomes(window)).toEqual(['ok', 'timeout'])
})

test('slow answers are slow, not missing', async () => {
  const window = await runAgainst((request) => request.answer({ afterMs: 40 }), { windowMs: 500 })
  expect(onlyOutcomes(window)).toEqual(['ok'])
  expect(window.serviceMs.p50).toBeGreaterThanOrEqual(39)
})

test("another user's answer is wrong_user, however like a success it looks", async () => {
  const window = await runAgainst((request) =>
    request.answer(request.index % 2 ? { body: '{"id":"user-999","role":"user"}' } : {}),
  )
  expect(onlyOutcomes(window)).toEqual(['ok', 'wrong_user'])
})

test('refusals and failures are told apart by status and reason', async () => {
  const answers = [
    { status: 401, body: '{"error":"unauthorized","reason":"expired"}' },
    { status: 503, body: '{"error":"unavailable","reason":"store_unavailable"}' },
    { status: 502, body: '' },
    { status: 500, body: 'oops' },
    { status: 404, body: '{}' },
  ]
  const window = await runAgainst((request) => request.answer(answers[request.index % answers.length]))
  expect(onlyOutcomes(window)).toEqual(['unexpected_401', '4xx', '503_store', '502_proxy', '5xx'])
})

test('an answer that breaks HTTP is an aborted request, not a hanging one', async () => {
  const window = await runAgainst((request) => void request.socket.write('HTTP/9 nonsense\r\n\r\n'), {
    timeoutMs: 60_000,
  })
  expect(onlyOutcomes(window)).toEqual(['aborted'])
})

test('a connection whose closing was announced is no failure', async () => {
  const window = await runAgainst((request) => {
    request.answer({ headers: { connection: 'close' } })
    request.socket.end()
  })
  expect(onlyOutcomes(window)).toEqual(['ok'])
  expect(window.reconnects).toBeGreaterThan(10)
})

test('a success in another mode is noticed', async () => {
  const window = await runAgainst((request) => request.answer(), { mode: 'jwt' })
  expect(window.wrongMode).toBe(window.outcomes.ok)
})

test('connections take the addresses in turn', async () => {
  await using first = await plantServer((request) => request.answer({ headers: { 'x-served-by': 'node-1' } }))
  await using second = await plantServer((request) =>
    request.answer({ headers: { 'x-served-by': 'node-2' } }),
  )
  const window = await createClosedGenerator().run(planFor(first.url, { urls: [first.url, second.url] }))
  expect(Object.keys(window.byNode)).toEqual(['node-1', 'node-2'])
})

test('a POST carries its body and headers', async () => {
  let head = ''
  const window = await runAgainst(
    (request) => {
      head = request.head
      request.answer()
    },
    {
      request: {
        method: 'POST',
        path: '/x',
        headers: { 'content-type': 'application/json' },
        body: '{"a":1}',
      },
    },
  )
  expect(onlyOutcomes(window)).toEqual(['ok'])
  expect(head).toMatch(/^POST \/x HTTP\/1.1/)
  expect(head).toMatch(/^content-length: 7$/im)
  expect(head).toMatch(/^content-type: application\/json$/im)
})

test('edges are told as they are taken, and an aborted run rejects with the reason', async () => {
  await using server = await plantServer((request) => request.answer())
  const edges: string[] = []
  const abort = new AbortController()
  const generator = createClosedGenerator()
  const run = generator.run(
    planFor(server.url, { windowMs: 60_000 }),
    {
      onEdge: (edge) => {
        edges.push(edge)
        abort.abort(new Error('enough'))
      },
    },
    abort.signal,
  )
  await expect(run).rejects.toThrow('enough')
  expect(edges).toEqual(['start'])
})

test('a plan that cannot be run is refused by name', async () => {
  const generator = createClosedGenerator()
  await expect(generator.run(planFor('https://localhost', {}))).rejects.toThrow('plain http')
  await expect(generator.run(planFor('http://127.0.0.1:1', { clients: [] }))).rejects.toThrow('client')
  await expect(generator.run(planFor('http://127.0.0.1:1', { connections: 0 }))).rejects.toThrow(
    'connections',
  )
})

test('a host that does not even accept is a timeout, once for each try', async () => {
  const narrow = fork(new URL('../fixtures/narrow-server.ts', import.meta.url), { execArgv: [] })
  const [port] = (await once(narrow, 'message')) as [number]
  narrow.kill('SIGSTOP')
  try {
    const plan = planFor(`http://127.0.0.1:${port}`, { windowMs: 500, timeoutMs: 100 })
    const window = await createClosedGenerator().run(plan)
    expectSums(window)
    expect(onlyOutcomes(window)).toEqual(['timeout'])
    expect(window.outcomes.timeout).toBeGreaterThan(4)
  } finally {
    narrow.kill('SIGKILL')
  }
})
