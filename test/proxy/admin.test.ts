import { describe, expect, test } from 'vitest'
import type { ProxyUsage } from '#contract/node-admin.ts'
import type { ProxyEvent, ProxyState } from '#contract/proxy-admin.ts'
import { admin, eventually } from './running-proxy.ts'
import { withRecorders } from './with-recorder.ts'

const GET = 'GET /livez2 HTTP/1.1\r\nHost: a\r\n\r\n'

describe('the private listener', () => {
  const bench = withRecorders('http-proxy', 2)
  const call = (method: string, path: string, body?: unknown, token?: string) =>
    admin(bench.running, method, path, body, token)

  test.each(['', 'wrong', 'a-token-for-test', 'a-token-for-tests2'])(
    'refuses the token "%s"',
    async (token) => {
      for (const path of ['/cluster', '/usage', '/metrics', '/livez', '/nowhere'])
        expect(await call('GET', path, undefined, token)).toMatchObject({
          status: 401,
          body: { error: 'unauthorized' },
        })
    },
  )

  test('tells the cluster as the proxy sees it', async () => {
    const { body } = await call('GET', '/cluster')
    const state = body as ProxyState
    expect(state.balancer).toBe('round-robin')
    expect(state.upstreams).toHaveLength(2)
    expect(state.upstreams[0]).toEqual({
      id: 'node-1',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      health: 'up',
      inFlight: 0,
      answered: expect.any(Number),
      failed: 0,
    })
  })

  test('counts answers by kind and its own CPU time', async () => {
    const before = (await call('GET', '/usage')).body as ProxyUsage
    const client = bench.open()
    for (const [i, status] of [200, 302, 401, 404, 500].entries()) {
      for (const recorder of bench.recorders)
        recorder.script = (connection) => connection.send(`HTTP/1.1 ${status} X\r\ncontent-length: 0\r\n\r\n`)
      client.send(GET)
      await client.answered(i + 1)
    }
    const after = (await call('GET', '/usage')).body as ProxyUsage
    const grown = (name: keyof ProxyUsage['answers']) => after.answers[name] - before.answers[name]
    expect([grown('ok'), grown('refused'), grown('clientError'), grown('serverError')]).toEqual([2, 1, 1, 1])
    expect(after.cpu.userUs).toBeGreaterThan(before.cpu.userUs)
    expect(after.cpu.loopUs).toBeGreaterThan(before.cpu.loopUs)
    expect(after.atUs).toBeGreaterThan(before.atUs)
    expect(after).toMatchObject({ pid: process.pid, mode: 'local', generation: 1, forwarder: 'http-proxy' })
  })

  test('counts its own refusals too', async () => {
    const before = (await call('GET', '/usage')).body as ProxyUsage
    await bench.open().send('GET / HTTP/1.1\r\n\r\n').answered()
    await bench.open().send('nonsense\r\n\r\n').answered()
    const after = (await call('GET', '/usage')).body as ProxyUsage
    expect(after.answers.clientError - before.answers.clientError).toBe(2)
  })

  test('gives metrics with bounded labels', async () => {
    const { status, body } = await call('GET', '/metrics')
    expect(status).toBe(200)
    expect(body).toContain('stillin_proxy_upstream_up{upstream="node-1"} 1')
    expect(body).toContain('stillin_proxy_answers_total{kind="ok"}')
    const labels = new Set([...String(body).matchAll(/stillin_proxy\w+\{(\w+)=/g)].map(([, label]) => label))
    expect([...labels].sort()).toEqual(['kind', 'upstream'])
  })

  test('leaves /livez of the public listener to the nodes', async () => {
    const [answer] = await bench.open().send('GET /livez2 HTTP/1.1\r\nHost: a\r\n\r\n').answered()
    expect(answer?.body).toBe('ok')
    expect(await call('GET', '/livez')).toEqual({ status: 200, body: { status: 'ok' } })
  })

  test('replaces the upstreams without losing a request, and keeps what stays', async () => {
    const { upstreams } = (await call('GET', '/cluster')).body as ProxyState
    const [first, second] = upstreams
    for (const recorder of bench.recorders) recorder.script = () => {}
    const client = bench.open().send(GET)
    await eventually(() => bench.recorders.some(({ connections }) => connections.length === 1))
    const busy = bench.recorders.findIndex(({ connections }) => connections.length === 1)
    const kept = busy === 0 ? second : first
    const put = await call('PUT', '/nodes', [{ id: kept?.id, url: kept?.url }])
    expect(put).toMatchObject({ status: 200, body: [{ id: kept?.id, health: 'up' }] })
    bench.recorders[busy]?.connections[0]?.send('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate')
    expect((await client.answered())[0]?.body).toBe('late')
    const back = await call(
      'PUT',
      '/nodes',
      upstreams.map(({ id, url }) => ({ id, url })),
    )
    expect(back.status).toBe(200)
    await eventually(() => bench.running.proxy.pool.available.length === 2)
  })

  test('tells events in order, from a number on', async () => {
    const { events } = (await call('GET', '/events?since=0')).body as { events: ProxyEvent[] }
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    const last = events.at(-1)?.seq ?? 0
    await call('PUT', '/nodes/node-1/drain')
    const more = (await call('GET', `/events?since=${last}`)).body as { events: ProxyEvent[] }
    expect(more.events).toMatchObject([{ seq: last + 1, kind: 'draining', upstream: 'node-1' }])
    await call('PUT', '/nodes/node-1/drain', { draining: false })
  })

  test('knows only generations that are not past', async () => {
    const put = (generation: unknown, mode: unknown = 'redis', phase: unknown = 'commit') =>
      call('PUT', '/mode', { mode, generation, phase })
    expect((await put(5)).body).toEqual({ mode: 'redis', generation: 5 })
    expect((await put(4)).status).toBe(409)
    for (const bad of [put('6'), put(6, 'cloud'), put(6, 'redis', 'later'), put(-1), put(1.5)])
      expect((await bad).status).toBe(400)
    expect(bench.running.proxy.mode.generation).toBe(5)
  })

  test.each([
    ['no array', {}],
    ['an id that is missing', [{ url: 'http://127.0.0.1:1' }]],
    ['an id with odd characters', [{ id: 'a b', url: 'http://127.0.0.1:1' }]],
    [
      'an id twice',
      [
        { id: 'a', url: 'http://127.0.0.1:1' },
        { id: 'a', url: 'http://127.0.0.1:2' },
      ],
    ],
    ['a URL with a path', [{ id: 'a', url: 'http://127.0.0.1:1/x' }]],
    ['a weight of 0', [{ id: 'a', url: 'http://127.0.0.1:1', weight: 0 }]],
    ['no JSON', '{'],
    ['a body of 70 KB', `[${' '.repeat(70_000)}]`],
  ])('refuses a list of upstreams with %s and keeps the one it has', async (_title, body) => {
    expect((await call('PUT', '/nodes', body)).status).toBe(400)
    expect(bench.running.proxy.pool.members).toHaveLength(2)
  })

  test('has 404 for what is not there and 405 for what is there otherwise', async () => {
    expect((await call('GET', '/nowhere')).status).toBe(404)
    expect((await call('PUT', '/nodes/node-9/drain')).status).toBe(404)
    expect((await call('POST', '/cluster', {})).status).toBe(405)
    expect((await call('GET', '/events?since=x')).status).toBe(400)
  })
})
