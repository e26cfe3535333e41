import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createClosedGenerator } from '#bench/load/closed/closed-generator.ts'
import { createOpenGenerator } from '#bench/load/open/open-generator.ts'
import type { LoadPlan, LoadWindow, Sample } from '#bench/load/plan.ts'
import { decodeHistogram } from '#bench/measure/histogram.ts'
import { OUTCOMES } from '#contract/outcomes.ts'
import type { PlantedRequest } from '../planted-server.ts'
import { planFor, plantServer, refusedUrl, renderAnswer } from '../planted-server.ts'

interface Run {
  window: LoadWindow
  samples: Sample[]
}

async function run(plan: LoadPlan): Promise<Run> {
  const samples: Sample[] = []
  const window = await createOpenGenerator().run(plan, { onSamples: (batch) => samples.push(...batch) })
  // Nothing that was due is silently lost.
  const ended = OUTCOMES.reduce((sum, outcome) => sum + window.outcomes[outcome], 0)
  expect(ended).toBe(window.intended)
  expect(window.sent + window.outcomes.unsent).toBe(window.intended)
  return { window, samples }
}

async function runAgainst(
  onRequest: (request: PlantedRequest) => void,
  changes: Partial<LoadPlan> = {},
): Promise<Run> {
  await using server = await plantServer(onRequest)
  return await run(planFor(server.url, { kind: 'open', keepSamples: true, ...changes }))
}

function onlyOutcomes({ window }: Run): string[] {
  return OUTCOMES.filter((outcome) => window.outcomes[outcome] > 0)
}

test('every due request becomes one sample with its four times in order', async () => {
  const { window, samples } = await runAgainst((request) => request.answer(), {
    arrivals: 'constant',
    mode: 'redis',
  })
  expect(samples.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 160 }, (_, seq) => seq),
  )
  expect(window.intended).toBe(120)
  expect(window.outcomes.ok).toBe(120)
  expect(window.wrongMode).toBe(0)
  expect(window.serviceMs.count).toBe(120)
  for (const sample of samples) {
    expect(sample.dueUs).toBeLessThanOrEqual(sample.sentUs)
    expect(sample.sentUs).toBeLessThanOrEqual(sample.firstByteUs)
    expect(sample.firstByteUs).toBeLessThanOrEqual(sample.doneUs)
    expect(sample).toMatchObject({ outcome: 'ok', status: 200, node: 'node-1', reason: '' })
    expect(sample.bytesDown).toBe(renderAnswer(sample.user).length)
    expect(sample.bytesUp).toBeGreaterThan(50)
  }
  expect(window.bytesDown).toBeGreaterThan(0)
  expect(window.ticks).toBeDefined()
})

test('the same seed brings the same users at the same moments', async () => {
  const schedule = async (seed: number): Promise<string[]> => {
    const { samples } = await runAgainst((request) => request.answer(), { seed, leadMs: 0, windowMs: 200 })
    const sorted = samples.sort((a, b) => a.seq - b.seq)
    return sorted.map(({ user, dueUs }) => `${user} ${Math.round(dueUs - (sorted[0]?.dueUs ?? 0))}`)
  }
  const first = await schedule(3)
  expect(await schedule(3)).toEqual(first)
  expect(await schedule(4)).not.toEqual(first)
})

test('a stall of one second shows in the response time, which a closed loop hides', async () => {
  const stalled = (): ((request: PlantedRequest) => void) => {
    let stallEndsMs = 0
    return (request) => {
      const nowMs = performance.now()
      if (request.index === 300) stallEndsMs = nowMs + 1000
      request.answer({ afterMs: Math.max(0, stallEndsMs - nowMs) })
    }
  }
  const changes = { leadMs: 0, windowMs: 2500, tailMs: 0, ratePerS: 600, timeoutMs: 5000 } as const
  const { window: open } = await runAgainst(stalled(), changes)
  expect(open.outcomes.ok).toBe(open.intended)
  // 600 of 1,500 were due within the stall; those due in its first half waited for more than 500 ms.
  expect(decodeHistogram(open.responseUs).percentileMs(85)).toBeGreaterThan(500)
  await using server = await plantServer(stalled())
  const closed = await createClosedGenerator().run(planFor(server.url, changes))
  expect(decodeHistogram(closed.responseUs).percentileMs(85)).toBeLessThan(500)
})

test('a FIN in flight is aborted, an RST is reset, and every other answer names the right user', async () => {
  const killed = { fin: 0, rst: 0 }
  const { window } = await runAgainst(
    (request) => {
      if (request.index % 20 === 9) {
        killed.fin++
        request.socket.end(renderAnswer(request.user).slice(0, -9))
      } else if (request.index % 20 === 19) {
        killed.rst++
        request.socket.resetAndDestroy()
      } else request.answer()
    },
    { leadMs: 0, tailMs: 0, windowMs: 600, connections: 8 },
  )
  expect(killed.fin).toBeGreaterThan(5)
  expect(window.outcomes).toMatchObject({ aborted: killed.fin, reset: killed.rst, wrong_user: 0 })
  expect(window.outcomes.ok).toBe(window.intended - killed.fin - killed.rst)
  expect(window.reconnects).toBeGreaterThanOrEqual(killed.fin)
})

test('a refused port is one refused request for each that was due, not a storm', async () => {
  const refused = await run(
    planFor(await refusedUrl(), { kind: 'open', ratePerS: 200, connections: 16, keepSamples: true }),
  )
  expect(onlyOutcomes(refused)).toEqual(['connect_refused'])
  expect(refused.samples.every(({ reason }) => reason === 'ECONNREFUSED')).toBe(true)
  expect(refused.window.reconnects).toBeLessThan(16 * 40)
})

test('a port that opens in mid-run is found again', async () => {
  const url = await refusedUrl()
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => {
    const user = /user-\d+/.exec(request.headers.cookie ?? '')?.[0]
    response.setHeader('x-served-by', 'node-1').end(JSON.stringify({ id: user }))
  })
  const generator = createOpenGenerator()
  const window = await generator.run(planFor(url, { kind: 'open', leadMs: 0, windowMs: 800 }), {
    onEdge: (edge) => {
      if (edge === 'start') setTimeout(() => server.listen(Number(new URL(url).port), '127.0.0.1'), 300)
    },
  })
  server.closeAllConnections()
  server.close()
  expect(window.outcomes.connect_refused).toBeGreaterThan(10)
  expect(window.outcomes.ok).toBeGreaterThan(10)
  expect(window.outcomes.ok + window.outcomes.connect_refused).toBe(window.intended)
})

test('silence is a timeout after the time given', async () => {
  const silent = await runAgainst(
    (request) => {
      if (request.index % 30 !== 7) request.answer()
    },
    { timeoutMs: 100, ratePerS: 200, connections: 8 },
  )
  expect(onlyOutcomes(silent)).toEqual(['ok', 'timeout'])
  const timedOut = silent.samples.filter(({ outcome }) => outcome === 'timeout')
  for (const { doneUs, sentUs } of timedOut) expect(doneUs - sentUs).toBeGreaterThanOrEqual(100_000)
})

test('what finds the queue full is unsent, and a sample all the same', async () => {
  const { window, samples } = await runAgainst((request) => request.answer({ afterMs: 50 }), {
    connections: 1,
    maxQueued: 3,
    ratePerS: 400,
    windowMs: 300,
  })
  expect(window.outcomes.unsent).toBeGreaterThan(50)
  expect(samples.find(({ outcome }) => outcome === 'unsent')).toMatchObject({
    sentUs: 0,
    reason: 'queue_full',
  })
})

test('what still waits long after the end is unsent', async () => {
  const { window, samples } = await runAgainst(() => {}, {
    connections: 1,
    timeoutMs: 300,
    maxQueued: 1000,
    ratePerS: 100,
    windowMs: 200,
  })
  expect(window.outcomes.ok).toBe(0)
  expect(window.outcomes.timeout + window.outcomes.unsent).toBe(window.intended)
  expect(samples.some(({ reason }) => reason === 'run_ended')).toBe(true)
})

test("another user's answer is wrong_user", async () => {
  const run = await runAgainst((request) =>
    request.answer(request.index % 2 ? { body: '{"role":"user","id":"user-999"}' } : {}),
  )
  expect(onlyOutcomes(run)).toEqual(['ok', 'wrong_user'])
})

test('refusals and failures are told apart by status and reason', async () => {
  const answers = [
    { status: 401, body: '{"error":"unauthorized","reason":"expired"}' },
    { status: 503, body: '', headers: { 'x-stillin-unavailable': 'memory_full' } },
    { status: 502, body: '' },
    { status: 500, body: 'oops' },
    { status: 404, body: '{}' },
  ]
  const run = await runAgainst((request) => request.answer(answers[request.index % answers.length]))
  expect(onlyOutcomes(run)).toEqual(['unexpected_401', '4xx', '503_store', '502_proxy', '5xx'])
  expect(new Set(run.samples.map(({ reason }) => reason))).toEqual(new Set(['expired', 'memory_full', '']))
})

test("a client's set-cookie is carried from then on where the plan says so", async () => {
  const heads: string[] = []
  const { window } = await runAgainst(
    (request) => {
      heads.push(request.head)
      request.answer({ headers: { 'set-cookie': `stillin_affinity=n${request.index}; Path=/; HttpOnly` } })
    },
    { clients: planFor('', {}).clients.slice(0, 1), followCookies: true, ratePerS: 100, connections: 1 },
  )
  expect(window.setCookies).toBe(window.outcomes.ok)
  expect(heads[0]).toMatch(/^cookie: s=user-1$/m)
  expect(heads.at(-1)).toMatch(/^cookie: s=user-1; stillin_affinity=n\d+$/m)
})

test('a connection whose closing was announced is no failure', async () => {
  const run = await runAgainst((request) => {
    request.answer({ headers: { connection: 'close' } })
    request.socket.end()
  })
  expect(onlyOutcomes(run)).toEqual(['ok'])
})

test('an answer that breaks HTTP is an aborted request, not a hanging one', async () => {
  const run = await runAgainst((request) => void request.socket.write('HTTP/9 nonsense\r\n\r\n'), {
    ratePerS: 100,
  })
  expect(onlyOutcomes(run)).toEqual(['aborted'])
})

test('an aborted run rejects with the reason and leaves no connection behind', async () => {
  await using server = await plantServer((request) => request.answer())
  const abort = new AbortController()
  const plan = planFor(server.url, { kind: 'open', windowMs: 60_000 })
  const running = createOpenGenerator().run(
    plan,
    { onEdge: () => abort.abort(new Error('enough')) },
    abort.signal,
  )
  await expect(running).rejects.toThrow('enough')
  // What had been written before may still be read, on a busy machine a moment later; then nothing comes any more.
  const newRequests = async () => {
    const before = server.requests
    await new Promise((resolve) => setTimeout(resolve, 50))
    return server.requests - before
  }
  await expect.poll(newRequests, { timeout: 5_000 }).toBe(0)
})

test('a host that does not even accept is a timeout, and what cannot be tried is unsent', async () => {
  const narrow = fork(new URL('../fixtures/narrow-server.ts', import.meta.url), { execArgv: [] })
  const [port] = (await once(narrow, 'message')) as [number]
  narrow.kill('SIGSTOP')
  try {
    const plan = planFor(`http://127.0.0.1:${port}`, { kind: 'open', timeoutMs: 100, keepSamples: true })
    const { samples } = await run(plan)
    const outcomes = Map.groupBy(samples, ({ outcome }) => outcome)
    expect([...outcomes.keys()].sort()).toEqual(['timeout', 'unsent'])
    expect(outcomes.get('timeout')?.length).toBeGreaterThan(4)
  } finally {
    narrow.kill('SIGKILL')
  }
})
