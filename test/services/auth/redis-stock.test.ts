import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
let probe: Redis
let node: TestNode
beforeAll(async () => {
  redis = await testRedis()
  probe = new Redis(redis.url)
  node = await testNode({
    STILLIN_MODE: 'redis-stock',
    STILLIN_REDIS_URL: redis.url,
    STILLIN_LIFETIME_S: '60',
  })
})
afterAll(async () => {
  await node[Symbol.asyncDispose]()
  probe.disconnect()
  await redis[Symbol.asyncDispose]()
})

async function loggedIn(user: string): Promise<Client> {
  const client = new Client(node.url)
  expect((await client.login(user)).status).toBe(200)
  return client
}

describe('the stock library with its defaults', () => {
  test('does what it is for: a login, data, a logout', async () => {
    const client = await loggedIn('user-2')
    expect((await client.me()).body).toMatchObject({ id: 'user-2', mode: 'redis-stock' })
    expect((await client.write({ cart: ['tea'] })).status).toBe(200)
    expect((await client.send('GET', '/me/data')).body).toEqual({ data: { cart: ['tea'] } })
    const copy = client.twin()
    expect((await client.logout()).status).toBe(204)
    expect((await copy.me()).status).toBe(401)
  })

  test('writes the session back and sets the cookie with every lookup', async () => {
    const client = await loggedIn('user-3')
    const before = (await node.usage()).store.commands
    expect((await client.me()).headers.getSetCookie()).toHaveLength(1)
    expect((await node.usage()).store.commands - before).toBe(2)
  })

  test('gives a session to whoever asks, logged in or not', async () => {
    const before = await probe.dbsize()
    const answer = await new Client(node.url).me()
    expect([answer.status, answer.headers.getSetCookie().length]).toEqual([401, 1])
    expect(await probe.dbsize()).toBe(before + 1)
  })

  test('knows no end of a login that is used, and no logout everywhere', async () => {
    const [here, there] = [await loggedIn('user-4'), await loggedIn('user-4')]
    expect((await here.logout('/logout/all')).status).toBe(204)
    node.advance(3_600_000)
    expect((await there.me()).status).toBe(200)
  })

  test('is answered for with 503 when Redis is away', async (context) => {
    await using own = await testRedis()
    if (own.pid === undefined) return context.skip('this Redis is somebody else’s: it cannot be stopped')
    await using apart = await testNode({ STILLIN_MODE: 'redis-stock', STILLIN_REDIS_URL: own.url })
    const client = new Client(apart.url)
    await client.login()
    process.kill(own.pid, 'SIGKILL')
    expect(await client.me()).toMatchObject({ status: 503, body: { reason: 'store_unavailable' } })
  })
})
