import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { overtaken } from './overtaken.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

describe.each([
  ...['local', 'redis', 'redis-cached', 'replicated'].map((mode) => ({ mode, back: false })),
  // The stock library saves the session again with every answer: this is what the others must not do.
  { mode: 'redis-stock', back: true },
])('a lookup overtaken by a logout in $mode', ({ mode, back }) => {
  test(back ? 'brings the session back' : 'does not bring the session back', async () => {
    await using node = await testNode({ STILLIN_MODE: mode, STILLIN_REDIS_URL: redis.url })
    const client = new Client(node.url)
    await client.login('user-2')
    const [reader, leaver] = [client.twin(), client.twin()]
    const answer = await overtaken(
      node,
      'lookup-after-read',
      () => reader.me(),
      async () => expect((await leaver.logout()).status).toBe(204),
    )
    // It had read the session before the logout was acknowledged.
    expect(answer.status).toBe(200)
    expect(answer.headers.getSetCookie()).toHaveLength(back ? 1 : 0)
    const afterwards = await client.twin().me()
    if (back) expect(afterwards.status).toBe(200)
    else expect(afterwards).toMatchObject({ status: 401, body: { reason: 'unknown' } })
  })
})

describe.each(['local', 'redis', 'redis-cached', 'replicated'])('a request overtaken in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({ STILLIN_MODE: mode, STILLIN_REDIS_URL: redis.url })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  async function loggedIn(user: string): Promise<Client> {
    const client = new Client(node.url)
    await client.login(user)
    return client
  }

  test('by a logout while it wrote is refused, and the session stays gone', async () => {
    const client = await loggedIn('user-3')
    const [writer, leaver] = [client.twin(), client.twin()]
    const answer = await overtaken(
      node,
      'write-before-save',
      () => writer.write({ a: 1 }),
      () => leaver.logout(),
    )
    expect(answer).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    expect(answer.headers.getSetCookie()).toEqual([])
    expect((await client.twin().me()).status).toBe(401)
    expect((await node.usage()).answers.serverError).toBe(0)
  })

  test('by another logout while it logged out is acknowledged all the same', async () => {
    const client = await loggedIn('user-7')
    const [first, second] = [client.twin(), client.twin()]
    await node.admin('PUT', '/gates/logout-before-revoke', { held: true })
    const answers = [first.logout(), second.logout()]
    await node.admin('GET', '/gates/logout-before-revoke')
    await node.admin('PUT', '/gates/logout-before-revoke', { held: false })
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    // The second may have come to the store after the first had left it.
    expect(statuses).toContain(204)
    expect(statuses.filter((status) => status !== 204 && status !== 401)).toEqual([])
    expect((await client.twin().me()).status).toBe(401)
  })

  test('by a logout everywhere while it wrote stays out', async () => {
    const client = await loggedIn('user-4')
    const elsewhere = await loggedIn('user-4')
    const writer = client.twin()
    await overtaken(
      node,
      'write-before-save',
      () => writer.write({ a: 1 }),
      () => elsewhere.logout('/logout/all'),
    )
    expect(await client.twin().me()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
  })

  test('by a logout everywhere between its password check and its session is no login', async () => {
    const other = await loggedIn('user-5')
    const client = new Client(node.url)
    const login = await overtaken(
      node,
      'login-before-issue',
      () => client.login('user-5'),
      () => other.logout('/logout/all'),
    )
    expect(login.status).toBe(200)
    expect(await client.me()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    expect((await client.login('user-5', undefined, { 'x-csrf': '1' })).status).toBe(200)
    expect((await client.me()).status).toBe(200)
  })

  test('by another write loses nothing but the write: the last one stays as a whole', async () => {
    const client = await loggedIn('user-6')
    const [slow, quick] = [client.twin(), client.twin()]
    await node.admin('PUT', '/gates/write-before-save', { held: true })
    const first = slow.write({ first: true })
    await node.admin('GET', '/gates/write-before-save')
    const second = quick.write({ second: true })
    await node.admin('PUT', '/gates/write-before-save', { held: false })
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    const { data } = (await client.send('GET', '/me/data')).body as { data: object }
    expect([{ first: true }, { second: true }]).toContainEqual(data)
  })
})
