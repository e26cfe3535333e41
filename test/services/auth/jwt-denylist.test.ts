import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { overtaken } from './overtaken.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const UNAVAILABLE = { status: 503, body: { error: 'unavailable', reason: 'store_unavailable' } }
const REVOKED = { status: 401, body: { reason: 'revoked' } }

let redis: Awaited<ReturnType<typeof testRedis>>
let node: TestNode
let admin: Redis

beforeEach(async () => {
  redis = await testRedis()
  node = await testNode({ STILLIN_MODE: 'jwt-denylist', STILLIN_REDIS_URL: redis.url })
  admin = new Redis(redis.url)
})
afterEach(async () => {
  admin.disconnect()
  await node[Symbol.asyncDispose]()
  await redis[Symbol.asyncDispose]()
})

async function loggedIn(user = 'user-2'): Promise<Client> {
  const client = new Client(node.url)
  expect((await client.login(user)).status).toBe(200)
  return client
}

describe('a token with a denylist', () => {
  test('costs one command a lookup, and none when its signature is not ours', async () => {
    const client = await loggedIn()
    const commands = async (work: () => Promise<unknown>) => {
      const before = (await node.usage()).store.commands
      await work()
      return (await node.usage()).store.commands - before
    }
    expect(await commands(() => client.me())).toBe(1)
    const forged = client.twin()
    const header = client.headers['authorization'] ?? ''
    forged.headers = { authorization: header.replace(/.{6}$/, 'AAAAAA') }
    expect(
      await commands(async () => expect(await forged.me()).toMatchObject({ body: { reason: 'signature' } })),
    ).toBe(0)
  })

  test('is ended with every copy that a write issued anew, and with no other login of the user', async () => {
    const client = await loggedIn()
    const other = await loggedIn()
    const first = client.twin()
    expect((await client.write({ cart: ['tea'] })).status).toBe(200)
    expect(client.headers).not.toEqual(first.headers)
    expect((await first.me()).status).toBe(200)
    expect((await first.logout()).status).toBe(204)
    expect(await client.twin().me()).toMatchObject(REVOKED)
    expect((await other.me()).status).toBe(200)
  })

  test('is revoked under a key that names it by id and goes when the token would', async () => {
    const client = await loggedIn()
    await client.logout()
    const keys = await admin.keys('stillin:jwt-denylist:revoked:*')
    expect(keys).toHaveLength(1)
    const [key = ''] = keys
    const token = client.headers['authorization']?.replace('Bearer ', '') ?? ''
    for (const part of token.split('.')) expect(key).not.toContain(part)
    const ttlMs = await admin.pttl(key)
    expect(ttlMs).toBeGreaterThan(300_000)
    expect(ttlMs).toBeLessThanOrEqual(361_000)
  })

  test('stays revoked as long as it lives where the clock of the node that revoked it was fast', async () => {
    const client = await loggedIn()
    node.advance(250_000)
    expect((await client.twin().logout()).status).toBe(204)
    node.advance(-250_000)
    const [key = ''] = await admin.keys('stillin:jwt-denylist:revoked:*')
    expect(await admin.pttl(key)).toBeGreaterThan(300_000)
    expect(await client.me()).toMatchObject(REVOKED)
  })

  test('that was made in the same second as a logout everywhere is told apart by its epoch', async () => {
    const before = await loggedIn('user-3')
    const [leaver, copy] = [before.twin(), before.twin()]
    await leaver.logout('/logout/all')
    const after = await loggedIn('user-3')
    expect(await copy.me()).toMatchObject(REVOKED)
    expect((await after.me()).status).toBe(200)
  })

  test('is refused when the store has lost what it knew of the user', async () => {
    const client = await loggedIn()
    await admin.flushall()
    expect(await client.me()).toMatchObject(REVOKED)
    expect((await (await loggedIn()).me()).status).toBe(200)
  })
})

describe('a request with a token and a denylist', () => {
  test('that writes while a logout overtakes it is refused', async () => {
    const client = await loggedIn('user-4')
    const [writer, leaver] = [client.twin(), client.twin()]
    const answer = await overtaken(
      node,
      'write-before-save',
      () => writer.write({ a: 1 }),
      () => leaver.logout(),
    )
    expect(answer).toMatchObject(REVOKED)
  })

  test('that logs in while a logout everywhere overtakes it is no login', async () => {
    const other = await loggedIn('user-5')
    const client = new Client(node.url)
    const login = await overtaken(
      node,
      'login-before-issue',
      () => client.login('user-5'),
      () => other.logout('/logout/all'),
    )
    expect(login.status).toBe(200)
    expect(await client.me()).toMatchObject(REVOKED)
  })
})

describe('a denylist that cannot be asked or written', () => {
  test('is answered for with 503: nobody gets in, and no logout is acknowledged that did not happen', async () => {
    const { pid } = redis
    if (pid === undefined) throw new Error('this Redis is somebody else’s: it cannot be stopped')
    const client = await loggedIn()
    process.kill(pid, 'SIGSTOP')
    try {
      expect(await client.me()).toMatchObject(UNAVAILABLE)
      expect(await client.twin().logout()).toMatchObject(UNAVAILABLE)
      expect(await client.write({ a: 1 })).toMatchObject(UNAVAILABLE)
      expect(await new Client(node.url).login()).toMatchObject(UNAVAILABLE)
      expect(await client.send('GET', '/readyz')).toMatchObject(UNAVAILABLE)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await expect.poll(async () => (await client.me()).status, { timeout: 5_000 }).toBe(200)
  })

  test('that is full refuses logouts aloud, and goes on answering lookups', async () => {
    const client = await loggedIn()
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    await admin.config('SET', 'maxmemory', '1')
    for (const path of ['/logout', '/logout/all']) {
      const logout = await client.twin().logout(path)
      expect(logout).toMatchObject({ status: 503, body: { reason: 'memory_full' } })
      expect(logout.headers.get('x-stillin-unavailable')).toBe('memory_full')
    }
    expect((await client.me()).status).toBe(200)
    await admin.config('SET', 'maxmemory', '0')
    expect((await client.twin().logout()).status).toBe(204)
    expect(await client.me()).toMatchObject(REVOKED)
  })
})
