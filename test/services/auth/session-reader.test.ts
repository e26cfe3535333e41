import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SESSION_READERS } from '#contract/session-readers.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { overtaken } from './overtaken.ts'
import { patientRedis } from './patient-redis.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

const COMBINATIONS = SESSION_READERS.flatMap((reader) =>
  ['local', 'redis', 'redis-cached', 'replicated'].map((mode) => ({ reader, mode })),
)

describe.each(COMBINATIONS)('sessions of $mode read by $reader', ({ reader, mode }) => {
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({
      STILLIN_MODE: mode,
      STILLIN_SESSION_READER: reader,
      ...patientRedis(redis.url),
    })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  async function loggedIn(user: string): Promise<Client> {
    const client = new Client(node.url)
    expect((await client.login(user)).status).toBe(200)
    return client
  }

  test('say who is logged in, keep data, and end with the logout', async () => {
    const client = await loggedIn('user-2')
    expect(await client.me()).toMatchObject({ status: 200, body: { id: 'user-2', mode } })
    expect((await client.write({ cart: ['tea'] })).status).toBe(200)
    expect((await client.send('GET', '/me/data')).body).toEqual({ data: { cart: ['tea'] } })
    const twin = client.twin()
    expect((await client.logout()).status).toBe(204)
    expect(await twin.me()).toMatchObject({ status: 401, body: { reason: 'unknown' } })
    expect((await twin.write({ cart: [] })).status).toBe(401)
    expect((await twin.logout()).status).toBe(401)
  })

  test('end everywhere at once', async () => {
    const [here, there] = [await loggedIn('user-3'), await loggedIn('user-3')]
    expect((await here.logout('/logout/all')).status).toBe(204)
    expect(await there.me()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
  })

  test('stay gone when the logout overtakes a lookup or a write', async () => {
    const client = await loggedIn('user-4')
    const [looking, leaving] = [client.twin(), client.twin()]
    const lookup = () => looking.me()
    expect((await overtaken(node, 'lookup-after-read', lookup, () => leaving.logout())).status).toBe(200)
    expect((await client.me()).status).toBe(401)
    const other = await loggedIn('user-4')
    const [writing, ending] = [other.twin(), other.twin()]
    const write = () => writing.write({ a: 1 })
    expect((await overtaken(node, 'write-before-save', write, () => ending.logout())).status).toBe(401)
    expect((await other.me()).status).toBe(401)
  })

  test('refuse what was not signed here, what is no session id, and nothing at all, each by its reason', async () => {
    const client = await loggedIn('user-5')
    const cookie = client.headers['cookie'] ?? ''
    const reasons: [string | undefined, string][] = [
      [`${cookie}x`, 'signature'],
      [cookie.replace('user-5', 'user-6'), 'signature'],
      ['stillin_session=x', 'malformed'],
      [undefined, 'absent'],
    ]
    for (const [presented, reason] of reasons) {
      const forger = new Client(node.url)
      if (presented !== undefined) forger.headers['cookie'] = presented
      expect(await forger.me()).toMatchObject({ status: 401, body: { reason } })
    }
    node.advance(301_000)
    expect(await client.me()).toMatchObject({ status: 401, body: { reason: 'expired' } })
    node.advance(-301_000)
  })
})
