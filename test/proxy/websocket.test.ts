import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { eventually, quickSettings } from './running-proxy.ts'
import { readTwice } from './two-parses.ts'
import { withRecorders } from './with-recorder.ts'

const handshake = (more = ''): string =>
  `GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`
const AGREED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'

describe.each(FORWARDER_NAMES)('a WebSocket (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    2,
    quickSettings((change) => {
      change.upstream.headersTimeoutMs = 300
      change.tunnelIdleMs = 500
      change.retry.budgetMinimum = 1_000
      change.passive.failuresInARow = 1_000
    }),
    { mode: 'sticky' },
  )
  const all = (script: (typeof bench.recorder)['script']): void => {
    for (const recorder of bench.recorders) recorder.script = script
  }
  const inFlight = (): number => bench.running.proxy.pool.members.reduce((sum, one) => sum + one.inFlight, 0)
  const agree = (): void => all((connection, count) => connection.send(count === 1 ? AGREED : ''))

  test('passes bytes both ways once the upstream has agreed, and pins its user', async () => {
    agree()
    const client = bench.open().send(handshake('Cookie: a=b\r\n'))
    await client.until(({ text }) => text.includes('\r\n\r\n'))
    expect(client.text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
    expect(client.text).toMatch(/sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/i)
    expect(client.text).toMatch(/set-cookie: stillin_affinity=node-[12]\./)
    const recorder = bench.recorders.find(({ connections }) => connections.length === 1)
    const [connection] = recorder?.connections ?? []
    const [request] = readTwice(connection?.bytes ?? Buffer.alloc(0)).byLength
    expect(request?.headers.get('upgrade')).toEqual(['websocket'])
    expect(request?.headers.get('connection')).toEqual(['Upgrade'])
    expect(request?.headers.get('cookie')).toEqual(['a=b'])
    expect(request?.headers.get('x-forwarded-for')).toEqual(['127.0.0.1'])
    client.send('\x81\x02hi')
    await recorder?.until(() => connection?.bytes.toString('latin1').endsWith('\x81\x02hi') === true)
    connection?.send(Buffer.from('\x81\x02ho', 'latin1'))
    await client.until(({ text }) => text.endsWith('\x81\x02ho'))
    expect(inFlight()).toBe(1)
    client.destroy()
    await recorder?.until(() => connection?.closed === true)
    await eventually(() => inFlight() === 0)
  })

  test('goes to the node its user is pinned to', async () => {
    agree()
    const pin = bench.running.proxy.affinity.pair('node-2')
    for (let i = 0; i < 3; i += 1) {
      const client = bench.open().send(handshake(`Cookie: ${pin}\r\n`))
      await client.until(({ text }) => text.includes('\r\n\r\n'))
      expect(client.text).not.toContain('set-cookie')
    }
    expect(bench.recorders[1]?.connections).toHaveLength(3)
  })

  test('ends for the client when the upstream ends it', async () => {
    agree()
    const client = bench.open().send(handshake())
    await client.until(({ text }) => text.includes('\r\n\r\n'))
    for (const { connections } of bench.recorders) connections[0]?.socket.destroy()
    await client.until(({ ended, closed }) => ended || closed)
  })

  test('that nobody uses is closed after a while', async () => {
    agree()
    const client = bench.open().send(handshake())
    await client.until(({ ended, closed }) => ended || closed)
    expect(client.text).toMatch(/^HTTP\/1\.1 101/)
    await eventually(() => inFlight() === 0)
  })

  test('that the upstream declines gets the upstream’s answer, and the connection ends', async () => {
    all((connection) => connection.send('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Why: no\r\n\r\nno'))
    const client = await bench
      .open()
      .send(handshake())
      .until(({ ended }) => ended)
    const [answer] = client.answers
    expect(answer?.status).toBe(403)
    expect(answer?.headers.get('x-why')).toBe('no')
    expect(answer?.headers.get('connection')).toBe('close')
    expect(answer?.body).toBe('no')
    await eventually(() => inFlight() === 0)
  })

  test('whose client resets before the 101 harms nobody', async () => {
    all(() => {})
    const client = bench.open().send(handshake())
    await eventually(() => bench.recorders.some(({ connections }) => connections.length === 1))
    client.socket.resetAndDestroy()
    await eventually(() =>
      bench.recorders.every(({ connections }) => connections.every(({ closed }) => closed)),
    )
    all((connection) => connection.send('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
    expect((await bench.open().send(GET).answered())[0]?.status).toBe(200)
    expect(inFlight()).toBe(0)
  })

  test('is tried at the other upstream when the first one resets', async () => {
    let tries = 0
    all((connection) => {
      tries += 1
      if (tries === 1) connection.socket.resetAndDestroy()
      else connection.send(AGREED)
    })
    const client = bench.open().send(handshake())
    await client.until(({ text }) => text.includes('\r\n\r\n'))
    expect(client.text).toMatch(/^HTTP\/1\.1 101/)
    expect(tries).toBe(2)
  })

  test('is told 504 when the upstream does not answer the handshake', async () => {
    all(() => {})
    const client = await bench
      .open()
      .send(handshake())
      .until(({ ended }) => ended)
    expect(client.answers.map(({ status }) => status)).toEqual([504])
  })

  test.each([
    ['two Hosts', handshake('Host: b\r\n'), 400],
    ['two Authorization fields', handshake('Authorization: a\r\nAuthorization: b\r\n'), 400],
  ])('with %s is refused like any request', async (_title, bytes, status) => {
    const client = await bench
      .open()
      .send(bytes)
      .until(({ ended }) => ended)
    expect(client.answers.map((answer) => answer.status)).toEqual([status])
    expect(bench.recorders.every(({ bytes }) => bytes.length === 0)).toBe(true)
  })

  test.each([
    ['a body', `${handshake('Content-Length: 3\r\n')}abc`],
    ['another protocol', handshake().replace('websocket', 'frob')],
    ['no key', handshake().replace(/Sec-WebSocket-Key.*\r\n/, '')],
  ])('with %s is no WebSocket: it goes on without the wish to upgrade', async (_title, bytes) => {
    const [answer] = await bench.open().send(bytes).answered()
    expect(answer?.status).toBe(200)
    const [request] = bench.recorders.flatMap((recorder) => readTwice(recorder.bytes).byLength)
    expect(request?.headers.has('upgrade')).toBe(false)
  })
})
