import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { OK } from './recorder.ts'
import { eventually, quickSettings } from './running-proxy.ts'
import { readTwice } from './two-parses.ts'
import { withRecorders } from './with-recorder.ts'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const settings = quickSettings((change) => {
  change.client.headersTimeoutMs = 300
  change.client.requestTimeoutMs = 600
  change.client.checkEveryMs = 50
  change.client.maxPipelined = 4
  change.upstream.headersTimeoutMs = 400
  change.upstream.idleBodyMs = 400
})

describe.each(FORWARDER_NAMES)('a connection to the proxy (%s)', (forwarder) => {
  const bench = withRecorders(forwarder, 1, settings)
  const lines = (): string[] =>
    readTwice(bench.recorder.bytes).byLength.map(({ line }) => line.split(' ')[1] ?? '')

  test('serves pipelined requests in order, the next only when the one before is answered', async () => {
    let answer = (): void => {}
    bench.recorder.script = (connection) => {
      answer = () => connection.send(OK)
    }
    const client = bench.open().send(post('/1', 'x') + get('/2') + get('/3'))
    for (const [i, expected] of [['/1'], ['/1', '/2'], ['/1', '/2', '/3']].entries()) {
      await bench.recorder.until(() => bench.recorder.bytes.includes(`/${i + 1} HTTP`))
      expect(lines().sort()).toEqual(expected)
      answer()
      expect(await client.answered(i + 1)).toHaveLength(i + 1)
    }
  })

  test('answers what came before a malformed request, then 400, and nothing after it goes anywhere', async () => {
    const client = bench.open().send(`${get('/1')}GET /2 HTTP/1.1\r\nHost : a\r\n\r\n${get('/3')}`)
    await client.until(({ ended }) => ended)
    expect(client.answers.map(({ status }) => status)).toEqual([200, 400])
    expect(lines()).toEqual(['/1'])
  })

  test('answers what came before a refused request, then refuses, and nothing after it goes anywhere', async () => {
    const client = bench.open().send(`${get('/1')}GET /2 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${get('/3')}`)
    await client.until(({ ended }) => ended)
    expect(client.answers.map(({ status }) => status)).toEqual([200, 400])
    expect(lines()).toEqual(['/1'])
  })

  test('with Connection: close in the middle of a pipeline keeps that answer and ignores the rest', async () => {
    const client = bench.open().send(`GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n${get('/2')}`)
    await client.until(({ ended }) => ended)
    expect(client.answers.map(({ status }) => status)).toEqual([200])
    expect(client.answers[0]?.headers.get('connection')).toBe('close')
    expect(lines()).toEqual(['/1'])
  })

  test('with more requests ahead than may wait is refused behind those that may', async () => {
    const client = bench.open().send(Array.from({ length: 10 }, (_, i) => get(`/${i}`)).join(''))
    await client.until(({ ended }) => ended)
    expect(client.answers.at(-1)?.status).toBe(503)
    expect(client.answers.length).toBeLessThanOrEqual(6)
    expect(lines().length).toBeLessThanOrEqual(5)
  })

  test('is told 408 when its head does not come', async () => {
    const client = await bench
      .open()
      .send('GET /x HTTP/1.1\r\nHost: a\r\nX-A')
      .until(({ ended, closed }) => ended || closed)
    expect(client.answers.map(({ status }) => status)).toEqual([408])
    expect(bench.recorder.bytes).toHaveLength(0)
  })

  test.each([
    ['a Content-Length', `${post('/x', 'x'.repeat(100)).slice(0, -90)}`],
    ['chunks', 'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab'],
    [
      'a chunk of 2⁶⁴ − 1 bytes',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nab',
    ],
  ])('is told 408 when its body with %s does not come', async (_title, bytes) => {
    const client = await bench
      .open()
      .send(bytes)
      .until(({ ended, closed }) => ended || closed)
    expect(client.answers.map(({ status }) => status)).toEqual([408])
    expect(bench.recorder.bytes).toHaveLength(0)
    expect(bench.running.proxy.counters.heldBytes).toBe(0)
  })

  test('that leaves within its body costs the upstream nothing', async () => {
    const client = bench.open().send(`${post('/x', 'x'.repeat(100)).slice(0, -10)}`)
    await eventually(() => bench.running.proxy.counters.heldBytes > 0)
    client.destroy()
    await eventually(() => bench.running.proxy.counters.heldBytes === 0)
    expect(bench.recorder.bytes).toHaveLength(0)
  })

  test('that leaves while it waits takes its upstream request with it', async () => {
    bench.recorder.script = () => {}
    const client = bench.open().send(get('/x'))
    await bench.recorder.until(() => bench.recorder.connections.length === 1)
    client.destroy()
    await bench.recorder.until(() => bench.recorder.connections[0]?.closed === true)
    expect(bench.running.proxy.pool.byId('node-1')?.inFlight).toBe(0)
    expect(bench.running.proxy.pool.byId('node-1')?.failuresInARow).toBe(0)
  })

  test('that leaves while it receives takes its upstream request with it', async () => {
    bench.recorder.script = (connection) => connection.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab')
    const client = bench.open().send(get('/x'))
    await client.until(({ text }) => text.endsWith('ab'))
    client.destroy()
    await bench.recorder.until(() => bench.recorder.connections[0]?.closed === true)
    expect(bench.running.proxy.pool.byId('node-1')?.failuresInARow).toBe(0)
  })

  test('gets 100 Continue from the proxy, then its answer; the upstream sees no Expect', async () => {
    const client = bench
      .open()
      .send('POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
    await client.answered(1)
    client.send('hi')
    const answers = await client.answered(2)
    expect(answers.map(({ status }) => status)).toEqual([100, 200])
    const [request] = readTwice(bench.recorder.bytes).byLength
    expect(request?.headers.has('expect')).toBe(false)
    expect(request?.body).toBe('hi')
  })

  test('gets no 100 Continue for a body that is too large', async () => {
    const client = bench
      .open()
      .send('POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n')
    await client.until(({ ended }) => ended)
    expect(client.answers.map(({ status }) => status)).toEqual([413])
  })

  test('gets its 413 although it goes on sending', async () => {
    const client = bench
      .open()
      .send(`POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n${'z'.repeat(200_000)}`)
    await client.until(({ ended }) => ended)
    expect(client.answers.map(({ status }) => status)).toEqual([413])
    expect(client.reset).toBe(false)
  })

  test('gets 504 from the proxy when the upstream’s head does not come', async () => {
    bench.recorder.script = () => {}
    const [answer] = await bench.open().send(get('/x')).answered()
    expect(answer?.status).toBe(504)
    await bench.recorder.until(() => bench.recorder.connections[0]?.closed === true)
  })

  test('is cut off when an upstream falls silent within a body', async () => {
    bench.recorder.script = (connection) => connection.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab')
    const client = await bench
      .open()
      .send(get('/x'))
      .until(({ ended, closed }) => ended || closed)
    expect(client.answers).toHaveLength(0)
  })

  test('is kept open after a 502 and used again', async () => {
    bench.recorder.script = ({ socket }) => socket.destroy()
    const client = bench.open().send(post('/x', 'a'))
    expect((await client.answered())[0]?.status).toBe(502)
    bench.recorder.script = (connection) => connection.send(OK)
    client.send(get('/y'))
    expect((await client.answered(2))[1]?.status).toBe(200)
  })
})
