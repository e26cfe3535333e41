import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DATA_MAX_BYTES } from '#contract/login-data.ts'
import { MODE_NAMES, MODES } from '#contract/modes.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { patientRedis } from './patient-redis.ts'
import { testNode } from './test-node.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

const SESSION_MODES = MODE_NAMES.filter((name) => MODES[name].credential === 'session-id-cookie')
const EMPTY_BYTES = JSON.stringify({ d: '' }).length
const TOO_LARGE = { status: 413, body: { error: 'data_too_large' } }

/** Short to send and long to keep: 1e20 is written with 21 digits. */
const growing = (members: number) => `{"a":[${Array(members).fill('1e20').join(',')}]}`

describe('data that is kept with a login', () => {
  test('is bounded in every mode that keeps sessions, to the byte', async () => {
    await using node = await testNode(patientRedis(redis.url))
    for (const [place, mode] of SESSION_MODES.entries()) {
      await node.switchTo(mode, place + 2)
      const client = new Client(node.url)
      expect((await client.login()).status).toBe(200)
      const largest = { d: 'x'.repeat(DATA_MAX_BYTES - EMPTY_BYTES) }
      expect([mode, (await client.write(largest)).status]).toEqual([mode, 200])
      expect(await client.write({ d: `${largest.d}x` })).toMatchObject(TOO_LARGE)
      expect((await client.send('GET', '/me/data')).body).toEqual({ data: largest })
    }
  })

  test('counts as it is kept, not as it was sent: in bytes, and with numbers written out', async () => {
    await using node = await testNode()
    const client = new Client(node.url)
    await client.login()
    const refused = await client.write({ d: 'é'.repeat((DATA_MAX_BYTES - EMPTY_BYTES) / 2 + 1) })
    expect(refused).toMatchObject(TOO_LARGE)
    expect(refused.body?.['message']).toMatch(/65536 bytes/)
    const sent = growing(4_000)
    expect(sent.length).toBeLessThan(DATA_MAX_BYTES / 2)
    expect(await client.send('PUT', '/me/data', sent, { 'x-csrf': '1' })).toMatchObject(TOO_LARGE)
    expect((await client.send('GET', '/me/data')).body).toEqual({ data: {} })
  })
})
