import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { PASSED_ON, SPOILED } from './cases/answers.ts'
import { OK } from './recorder.ts'
import { eventually, quickSettings } from './running-proxy.ts'
import { withRecorders } from './with-recorder.ts'

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
const HEAD = 'HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n'

describe.each(FORWARDER_NAMES)('an answer through the %s forwarder', (forwarder) => {
  // A pool of one is never ejected, so that one spoiled answer says nothing about the next test.
  const bench = withRecorders(forwarder, 1, quickSettings())

  test.each(PASSED_ON)('$title', async ({ answer, status, body, headers = {} }) => {
    bench.recorder.script = (connection) => connection.send(Buffer.from(answer, 'latin1'))
    const [received] = await bench.open().send(GET).answered()
    expect(received?.status).toBe(status)
    if (body !== undefined) expect(received?.body).toBe(body)
    for (const [name, value] of Object.entries(headers)) expect(received?.headers.get(name)).toBe(value)
    expect(bench.recorder.connections).toHaveLength(1)
  })

  test.each(SPOILED)('$title is a 502', async ({ answer }) => {
    bench.recorder.script = (connection) => connection.send(Buffer.from(answer, 'latin1'))
    const [received] = await bench
      .open()
      .send(`POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx`)
      .answered()
    expect(received?.status).toBe(502)
    expect(received?.headers.get('x-served-by')).toBe('proxy')
    expect(JSON.parse(received?.body ?? '')).toEqual({
      error: 'upstream_failed',
      message: 'Whoever was to answer failed.',
    })
    bench.recorder.reset()
    const [alive] = await bench.open().send(GET).answered()
    expect(alive?.status).toBe(200)
  })

  test('after a 100 Continue that nobody asked for is passed on, or refused where the library knows no such thing', async () => {
    bench.recorder.script = (connection) => connection.send(`HTTP/1.1 100 Continue\r\n\r\n${OK}`)
    const [received] = await bench.open().send(GET).answered()
    // undici ends the connection at any 100: the one difference between the two.
    expect(received?.status).toBe(forwarder === 'undici' ? 502 : 200)
  })

  test('to HEAD keeps its length and has no body', async () => {
    bench.recorder.script = (connection) => connection.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
    const client = bench.open().send(HEAD)
    await client.until(({ text }) => text.includes('\r\n\r\n'))
    expect(client.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(client.text.toLowerCase()).toContain('content-length: 5\r\n')
    bench.recorder.script = (connection) => connection.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    client.send(GET)
    await client.until(({ text }) => text.endsWith('\r\n\r\nok'))
  })

  test('without any framing is passed on until the upstream closes', async () => {
    bench.recorder.script = ({ socket }) => socket.end('HTTP/1.1 200 OK\r\n\r\nabc')
    const [received] = await bench.open().send(GET).answered()
    expect(received?.body).toBe('abc')
  })

  test('is cut off, not completed, when the upstream leaves within a body with a length', async () => {
    bench.recorder.script = ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')
    const client = await bench
      .open()
      .send(GET)
      .until(({ closed, ended }) => closed || ended)
    expect(client.text).toContain('abc')
    expect(client.answers).toHaveLength(0)
  })

  test('is cut off, not completed, when the upstream resets within a chunked body', async () => {
    const client = bench.open()
    bench.recorder.script = ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
      client.until(({ text }) => text.includes('abc')).then(() => socket.resetAndDestroy())
    }
    await client.send(GET).until(({ closed, ended }) => closed || ended)
    expect(client.text).toContain('abc')
    expect(client.answers).toHaveLength(0)
  })

  test('sends the head of a stream before its first byte is there', async () => {
    const client = bench.open()
    bench.recorder.script = (connection) =>
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    await client.send(GET).until(({ text }) => text.includes('\r\n\r\n'))
    bench.recorder.connections[0]?.send('3\r\nabc\r\n0\r\n\r\n')
    expect((await client.answered())[0]?.body).toBe('abc')
  })

  test('sends the head of a body with a length that tarries', async () => {
    const client = bench.open()
    bench.recorder.script = (connection) => connection.send('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n')
    await client.send(GET).until(({ text }) => text.includes('\r\n\r\n'))
    bench.recorder.connections[0]?.send('abc')
    expect((await client.answered())[0]?.body).toBe('abc')
  })

  test('of 30 MB arrives whole at a client that reads slowly, and is not held here', async () => {
    const size = 30_000_000
    bench.recorder.script = (connection) =>
      connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${'z'.repeat(size)}`)
    const client = bench.open()
    client.socket.pause()
    client.send(GET)
    await bench.recorder.until(() => bench.recorder.connections.length === 1)
    const [connection] = bench.recorder.connections
    // What the kernel takes is gone soon; the rest stays with the upstream as long as the client does not read.
    const held = (): number => connection?.socket.writableLength ?? 0
    let before = -1
    await eventually(() => {
      const settled = held() === before
      before = held()
      return settled
    })
    expect(held()).toBeGreaterThan(size / 3)
    client.socket.resume()
    await client.until((received) => received.size > size, 10_000)
    expect(client.text.endsWith('zzz')).toBe(true)
  })
})
