import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import type { RefusedCase } from './cases/case.ts'
import { CHUNKS } from './cases/chunks.ts'
import { FRAMING } from './cases/framing.ts'
import { HOST_AND_TARGET } from './cases/host-and-target.ts'
import { SERVED } from './cases/served.ts'
import { SERVED_FIELDS } from './cases/served-fields.ts'
import { SYNTAX } from './cases/syntax.ts'
import { readTwice } from './two-parses.ts'
import { withRecorders } from './with-recorder.ts'

const FAMILIES: readonly (readonly [string, readonly RefusedCase[]])[] = [
  ['framing', FRAMING],
  ['a chunked body', CHUNKS],
  ['syntax', SYNTAX],
  ['host and target', HOST_AND_TARGET],
]

describe.each(FORWARDER_NAMES)('before the %s forwarder', (forwarder) => {
  const bench = withRecorders(forwarder, 1)

  describe.each(FAMILIES)('%s: the guard refuses', (_family, cases) => {
    test.each(cases)('$title', async ({ send, status }) => {
      const client = bench.open().send(send)
      await client.until(({ ended, closed }) => ended || closed)
      const [answer, ...more] = client.answers
      expect(more).toEqual([])
      expect([status].flat()).toContain(answer?.status)
      expect(answer?.headers.get('connection')).toBe('close')
      expect(answer?.headers.get('x-served-by')).toBe('proxy')
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ error: expect.stringMatching(/^[a-z0-9_]+$/) })
      expect(client.reset).toBe(false)
      expect(bench.recorder.bytes.toString('latin1')).toBe('')

      const [alive] = await bench.open().send('GET /ok HTTP/1.1\r\nHost: a\r\n\r\n').answered()
      expect(alive?.status).toBe(200)
    })
  })

  describe('it serves', () => {
    test.each([...SERVED, ...SERVED_FIELDS])('$title', async ({ send, check }) => {
      const [answer] = await bench.open().send(send).answered()
      expect(answer?.status).toBe(200)
      expect(answer?.body).toBe('ok')
      const { byLength, byCoding } = readTwice(bench.recorder.bytes)
      expect(byLength).toHaveLength(1)
      expect(byCoding).toEqual(byLength)
      const [request] = byLength
      if (request) check?.(request)
    })
  })
})
