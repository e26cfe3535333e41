import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { eventually, quickSettings } from './running-proxy.ts'
import { readTwice } from './two-parses.ts'
import { withRecorders } from './with-recorder.ts'

const get = (fields: string): string => `GET /x HTTP/1.1\r\nHost: a\r\n${fields}\r\n`

describe.each(FORWARDER_NAMES)('behind a proxy that is trusted (%s)', (forwarder) => {
  const bench = withRecorders(forwarder, 1, quickSettings(), { trustedProxies: ['127.0.0.0/8'] })
  const forwarded = async (fields: string): Promise<ReadonlyMap<string, readonly string[]> | undefined> => {
    await bench.open().send(get(fields)).answered()
    return readTwice(bench.recorder.bytes).byLength[0]?.headers
  }

  test('the account of the client is kept and continued', async () => {
    const headers = await forwarded(
      'X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop\r\nForwarded: for=1.2.3.4\r\nX-Request-Id: its-own\r\nX-Real-IP: 1.2.3.4\r\n',
    )
    expect(headers?.get('x-forwarded-for')).toEqual(['1.2.3.4, 5.6.7.8, 127.0.0.1'])
    expect(headers?.get('x-forwarded-proto')).toEqual(['https'])
    expect(headers?.get('x-forwarded-host')).toEqual(['shop'])
    expect(headers?.get('forwarded')).toEqual(['for=1.2.3.4, for=127.0.0.1;proto=http;host=a'])
    expect(headers?.get('x-request-id')).toEqual(['its-own'])
    expect(headers?.get('x-real-ip')).toEqual(['1.2.3.4'])
  })

  test('what it does not say is said here', async () => {
    const headers = await forwarded('X-Forwarded-For: 1.2.3.4\r\n')
    expect(headers?.get('x-forwarded-for')).toEqual(['1.2.3.4, 127.0.0.1'])
    expect(headers?.get('x-forwarded-proto')).toEqual(['http'])
    expect(headers?.get('x-request-id')?.[0]).toMatch(/^[0-9a-f]{16}-/)
  })

  test('a request id that could break a log is replaced', async () => {
    const headers = await forwarded('X-Request-Id: a b"c\r\n')
    expect(headers?.get('x-request-id')?.[0]).toMatch(/^[0-9a-f]{16}-/)
  })
})

describe('the access log', () => {
  const lines: string[] = []
  const bench = withRecorders('undici', 2, quickSettings(), {
    accessLog: { level: 'info', to: { write: (line) => void lines.push(line) } },
    affinity: { kind: 'hash', source: { kind: 'cookie', name: 'user' } },
  })

  test('has a line a request, with neither query nor header in it', async () => {
    const secret = 'hunter2'
    await bench
      .open()
      .send(
        `GET /path?token=${secret} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${secret}\r\nCookie: s=${secret}\r\n\r\n`,
      )
      .answered()
    await eventually(() => lines.length === 1)
    expect(lines[0]).not.toContain(secret)
    const entry = JSON.parse(lines[0] ?? '')
    expect(entry).toMatchObject({ peer: '127.0.0.1', method: 'GET', path: '/path', status: 200, tries: 1 })
    const upstream = bench.recorders.flatMap(({ bytes }) => readTwice(bytes).byLength)[0]
    expect(entry.requestId).toBe(upstream?.headers.get('x-request-id')?.[0])
    expect(entry.ms).toBeGreaterThan(0)
  })

  test('tells of a failure too, as a warning, with its request id', async () => {
    lines.length = 0
    for (const recorder of bench.recorders) recorder.script = ({ socket }) => socket.resetAndDestroy()
    await bench.open().send('POST /fails HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n').answered()
    await eventually(() => lines.length === 1)
    const entry = JSON.parse(lines[0] ?? '')
    expect(entry).toMatchObject({ level: 40, path: '/fails', status: 502, tries: 1 })
    expect(entry.requestId).toMatch(/^[0-9a-f]{16}-/)
  })

  test('a hashed cookie leads every request of a user to one upstream, and users to both', async () => {
    const placed = new Set<number>()
    for (let user = 0; user < 12; user += 1) {
      for (const recorder of bench.recorders) recorder.reset()
      for (let i = 0; i < 3; i += 1)
        await bench
          .open()
          .send(get(`Cookie: user=u${user}\r\n`))
          .answered()
      const counts = bench.recorders.map(({ bytes }) => readTwice(bytes).byLength.length)
      expect([...counts].sort()).toEqual([0, 3])
      placed.add(counts.indexOf(3))
    }
    expect(placed.size).toBe(2)
  })
})

describe('the access log below the level that is asked for', () => {
  const lines: string[] = []
  const bench = withRecorders('undici', 1, quickSettings(), {
    accessLog: { level: 'warn', to: { write: (line) => void lines.push(line) } },
  })

  test('keeps silent about what went well', async () => {
    await bench.open().send(get('')).answered()
    bench.recorder.script = ({ socket }) => socket.resetAndDestroy()
    await bench.open().send('POST /fails HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n').answered()
    await eventually(() => lines.length > 0)
    expect(lines.map((line) => JSON.parse(line).status)).toEqual([502])
  })
})
