import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { OK, type Recorder } from './recorder.ts'
import { eventually, quickSettings } from './running-proxy.ts'
import { readTwice } from './two-parses.ts'
import { withRecorders } from './with-recorder.ts'

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx'

const settings = quickSettings((change) => {
  change.upstream.headersTimeoutMs = 300
  change.passive.ejectMs = 200
  // How many retries are allowed is a suite of its own.
  change.retry.budgetMinimum = 1_000
})

/** What both recorders got, in requests. */
function received(recorders: readonly Recorder[]): number[] {
  return recorders.map((recorder) => readTwice(recorder.bytes).byLength.length)
}

describe.each(FORWARDER_NAMES)('when an upstream fails (%s)', (forwarder) => {
  const bench = withRecorders(forwarder, 2, settings)
  const counters = () => bench.running.proxy.counters
  /** Both upstreams do the same until the next test. */
  const both = (script: Recorder['script']): void => {
    for (const recorder of bench.recorders) recorder.script = script
  }
  /** Lets the first try fail in this way, whichever upstream it goes to, and the second succeed. */
  const firstTry = (fail: Recorder['script']): void => {
    let tries = 0
    both((connection, count) => {
      tries += 1
      if (tries === 1) fail(connection, count)
      else connection.send(OK)
    })
  }
  const readmitted = () => eventually(() => bench.running.proxy.pool.available.length === 2)

  test.each([
    ['closes before its answer', ({ socket }: { socket: { end(): void } }) => socket.end()],
    [
      'resets before its answer',
      ({ socket }: { socket: { resetAndDestroy(): void } }) => socket.resetAndDestroy(),
    ],
    [
      'closes within its head',
      ({ socket }: { socket: { end(text: string): void } }) => socket.end('HTTP/1.1 200 OK\r\nConte'),
    ],
  ])('a GET is served by the other one when the first %s', async (_title, fail) => {
    await readmitted()
    const before = counters().retries
    firstTry(fail as unknown as Recorder['script'])
    const [answer] = await bench.open().send(GET).answered()
    expect(answer?.status).toBe(200)
    expect(counters().retries - before).toBe(1)
    expect(bench.recorders.map(({ connections }) => connections.length)).toEqual([1, 1])
  })

  test('a POST that was sent is executed once and answered 502', async () => {
    await readmitted()
    firstTry(({ socket }) => socket.resetAndDestroy())
    const [answer] = await bench.open().send(POST).answered()
    expect(answer?.status).toBe(502)
    expect(received(bench.recorders).reduce((sum, count) => sum + count)).toBe(1)
  })

  test('a GET with a body is not repeated', async () => {
    await readmitted()
    firstTry(({ socket }) => socket.resetAndDestroy())
    const [answer] = await bench
      .open()
      .send('GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx')
      .answered()
    expect(answer?.status).toBe(502)
  })

  test('a GET is tried twice and no more', async () => {
    await readmitted()
    both(({ socket }) => socket.resetAndDestroy())
    const before = counters().retries
    const [answer] = await bench.open().send(GET).answered()
    expect(answer?.status).toBe(502)
    expect(counters().retries - before).toBe(1)
  })

  test('nothing is repeated after the first bytes of an answer', async () => {
    await readmitted()
    firstTry(({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab'))
    const client = await bench
      .open()
      .send(GET)
      .until(({ ended, closed }) => ended || closed)
    expect(client.text).toMatch(/ab$/)
    expect(received(bench.recorders).reduce((sum, count) => sum + count)).toBe(1)
  })

  test('an answer that does not come in time is a 504, not a second try', async () => {
    await readmitted()
    both(() => {})
    const [answer] = await bench.open().send(GET).answered()
    expect(answer?.status).toBe(504)
    expect(received(bench.recorders).reduce((sum, count) => sum + count)).toBe(1)
  })

  test('an idle connection that resets just as it is used again costs a GET nothing', async () => {
    await readmitted()
    const client = bench.open().send(GET)
    await client.answered()
    client.send(GET)
    await client.answered(2)
    // Both upstreams hold an idle connection now; the next request finds its own reset.
    firstTry(({ socket }) => socket.resetAndDestroy())
    client.send(GET)
    expect((await client.answered(3))[2]?.status).toBe(200)
  })

  test('an idle connection that closes just as it is used again has a POST answered 502, executed once', async () => {
    await readmitted()
    const client = bench.open().send(GET)
    await client.answered()
    client.send(GET)
    await client.answered(2)
    firstTry(({ socket }) => socket.end())
    client.send(POST)
    expect((await client.answered(3))[2]?.status).toBe(502)
    const posts = bench.recorders
      .flatMap(({ bytes }) => readTwice(bytes).byLength)
      .filter(({ line }) => line.startsWith('POST'))
    expect(posts).toHaveLength(1)
  })

  test('an idle connection that was closed before is not used again', async () => {
    await readmitted()
    both(({ socket }) => socket.end(OK))
    const client = bench.open()
    for (let i = 1; i <= 6; i += 1) {
      client.send(POST)
      expect((await client.answered(i))[i - 1]?.status).toBe(200)
      await eventually(() =>
        bench.recorders.every(({ connections }) => connections.every(({ closed }) => closed)),
      )
    }
  })

  test('bytes that an upstream sends unasked are never the next user’s answer', async () => {
    await readmitted()
    const evil = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil'
    const client = bench.open()
    both((connection) => connection.send(OK + evil))
    client.send(GET)
    await client.answered(1)
    both((connection) => connection.send(OK))
    for (let i = 2; i <= 5; i += 1) {
      client.send(GET)
      expect((await client.answered(i))[i - 1]?.body).toBe('ok')
    }
    // And unasked bytes on a connection that has been idle for a while.
    for (const { connections } of bench.recorders) connections.at(-1)?.send(evil)
    for (let i = 6; i <= 9; i += 1) {
      client.send(GET)
      expect((await client.answered(i))[i - 1]?.body).toBe('ok')
    }
  })
})
