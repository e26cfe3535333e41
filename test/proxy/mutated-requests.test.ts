import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { RawClient } from './raw-client.ts'
import { eventually, quickSettings } from './running-proxy.ts'
import { readTwice } from './two-parses.ts'
import { withRecorders } from './with-recorder.ts'

/** What attackers are fond of. */
const MORSELS = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '#',
  '?',
  '/',
  '\\',
  '\x0b',
  '\x7f',
  '\xff',
  '0',
  '+',
  '-',
  '_',
  'x',
  'chunked',
  'Content-Length: 0\r\n',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: b\r\n',
  'Connection: close\r\n',
  'Connection: Content-Length\r\n',
  'Expect: 100-continue\r\n',
  '0\r\n\r\n',
  'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
  ' HTTP/1.1',
  'HTTP/1.0',
  '\r\n ',
]

const seed = fc.constantFrom(
  'GET /x?y=z HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nCookie: a=b\r\n\r\n',
  'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX-A: 1\r\n\r\nhello',
  'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'DELETE /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'GET http://a/x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-A\r\nX-A: 1\r\n\r\n',
  'POST /x HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
)
const change = fc.record({
  at: fc.nat({ max: 130 }),
  remove: fc.constantFrom(0, 0, 0, 1, 2, 5),
  insert: fc.option(fc.constantFrom(...MORSELS), { nil: '' }),
})
const mutated = fc.tuple(seed, fc.array(change, { minLength: 0, maxLength: 3 })).map(([text, changes]) =>
  changes.reduce<string>((now, { at, remove, insert }) => {
    const position = at % (now.length + 1)
    return now.slice(0, position) + insert + now.slice(position + remove)
  }, text),
)

describe.each(FORWARDER_NAMES)('a valid request with up to three changes (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    1,
    quickSettings((settings) => {
      settings.client.headersTimeoutMs = 60
      settings.client.requestTimeoutMs = 60
      settings.client.checkEveryMs = 20
      settings.client.lingerMs = 50
    }),
  )
  // A connection that is not used again is closed at once, so that every run ends by itself.
  beforeAll(() =>
    Object.assign(bench.running.proxy.server, { keepAliveTimeout: 25, keepAliveTimeoutBuffer: 0 }),
  )
  const idle = (): boolean => bench.running.proxy.pool.members.every(({ inFlight }) => inFlight === 0)

  test('is refused, or goes upstream in one reading and as the client wrote it', async () => {
    let served = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(mutated, async (bytes) => {
        bench.recorder.forget()
        const client = new RawClient(bench.running.url)
        client.send(bytes)
        await client.until(({ ended, closed }) => ended || closed)
        await eventually(idle)
        client.destroy()
        const recorded = bench.recorder.connections.map((connection) => connection.bytes)
        const requests = recorded.flatMap((part) => {
          const { byLength, byCoding } = readTwice(part)
          expect(byCoding).toEqual(byLength)
          return byLength
        })
        const finals = client.answers.filter(({ status }) => status >= 200)
        expect(finals.filter(({ status }) => status === 200)).toHaveLength(requests.length)
        expect(finals.filter(({ status }) => status >= 400).length).toBeLessThanOrEqual(1)
        for (const { line, headers, body } of requests) {
          const [method = '', target = ''] = line.split(' ')
          expect(bytes).toContain(method)
          expect(bytes.includes(target) || bytes.includes(target.slice(1))).toBe(true)
          expect(headers.get('host')).toHaveLength(1)
          expect(headers.has('transfer-encoding')).toBe(false)
          expect(bytes.replace(/\r\n[0-9a-f]+(;[^\r\n]*)?\r\n/gi, '')).toContain(body.slice(0, 3))
        }
        if (requests.length > 0) served += 1
        else refused += 1
      }),
      { seed: 20_240_601, numRuns: 250 },
    )
    // Neither side may be empty, or the changes test nothing.
    expect(served).toBeGreaterThan(40)
    expect(refused).toBeGreaterThan(40)
    bench.recorder.reset()
    const [alive] = await bench.open().send('GET /ok HTTP/1.1\r\nHost: a\r\n\r\n').answered()
    expect(alive?.status).toBe(200)
  })
})
