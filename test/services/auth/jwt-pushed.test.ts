import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { freshKeyRing } from './keys.ts'
import { overtaken } from './overtaken.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const BOUND_MS = 1_000
const REVOKED = { status: 401, body: { reason: 'revoked' } }
const STALE = { status: 503, body: { error: 'unavailable', reason: 'stale' } }

let redis: Awaited<ReturnType<typeof testRedis>>
let here: TestNode
let there: TestNode
let admin: Redis

beforeEach(async () => {
  redis = await testRedis()
  const ring = freshKeyRing()
  const settings = { STILLIN_MODE: 'jwt-pushed', STILLIN_REDIS_URL: redis.url }
  ;[here, there] = await Promise.all([testNode(settings, ring), testNode(settings, ring)])
  admin = new Redis(redis.url)
})
afterEach(async () => {
  admin.disconnect()
  await Promise.all([here[Symbol.asyncDispose](), there[Symbol.asyncDispose]()])
  await redis[Symbol.asyncDispose]()
})

async function loggedIn(user = 'user-2'): Promise<Client> {
  const client = new Client(here.url)
  expect((await client.login(user)).status).toBe(200)
  return client
}

/** The same credential at the other node. */
function atOtherNode(client: Client): Client {
  const other = new Client(there.url)
  other.headers = { ...client.headers }
  return other
}

describe('revocations pushed to every node', () => {
  test.each(['/logout', '/logout/all'])(
    'by %s hold at once where they were made, and soon elsewhere',
    async (path) => {
      const client = await loggedIn()
      const elsewhere = atOtherNode(client)
      expect((await elsewhere.me()).status).toBe(200)
      expect((await client.twin().logout(path)).status).toBe(204)
      const acknowledgedAt = performance.now()
      expect(await client.me()).toMatchObject(REVOKED)
      await expect
        .poll(async () => (await elsewhere.me()).status, { timeout: BOUND_MS, interval: 5 })
        .toBe(401)
      expect(performance.now() - acknowledgedAt).toBeLessThan(BOUND_MS)
      expect(await (await loggedIn()).me()).toMatchObject({ status: 200 })
    },
  )

  test('are known to a node that comes later, before it answers', async () => {
    const client = await loggedIn()
    await client.twin().logout()
    const settings = { STILLIN_MODE: 'jwt-pushed', STILLIN_REDIS_URL: redis.url }
    await using late = await testNode(settings, here.keyRing)
    const other = new Client(late.url)
    other.headers = { ...client.headers }
    expect(await other.me()).toMatchObject(REVOKED)
  })

  test('cost a lookup no command', async () => {
    const client = await loggedIn()
    const before = await admin.info('commandstats')
    for (let index = 0; index < 50; index += 1) expect((await client.me()).status).toBe(200)
    const calls = (text: string, name: string) =>
      Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(text)?.[1] ?? 0)
    const after = await admin.info('commandstats')
    expect(calls(after, 'eval')).toBe(calls(before, 'eval'))
    expect(calls(after, 'get')).toBe(calls(before, 'get'))
  })

  test('refuse a write that a logout overtook, and a login that a logout everywhere overtook', async () => {
    const client = await loggedIn('user-4')
    const [writer, leaver] = [client.twin(), client.twin()]
    const write = await overtaken(
      here,
      'write-before-save',
      () => writer.write({ a: 1 }),
      () => leaver.logout(),
    )
    expect(write).toMatchObject(REVOKED)
    const other = await loggedIn('user-5')
    const late = new Client(here.url)
    await overtaken(
      here,
      'login-before-issue',
      () => late.login('user-5'),
      () => other.logout('/logout/all'),
    )
    expect(await late.me()).toMatchObject(REVOKED)
  })
})

describe('a node without word from Redis', () => {
  test('vouches until its bound, then answers 503 stale; no logout is acknowledged meanwhile', async () => {
    const { pid } = redis
    if (pid === undefined) throw new Error('this Redis is somebody else’s: it cannot be stopped')
    const client = await loggedIn()
    process.kill(pid, 'SIGSTOP')
    try {
      const logout = await client.twin().logout()
      expect(logout).toMatchObject({ status: 503, body: { reason: 'store_unavailable' } })
      await expect.poll(() => client.me(), { timeout: 5 * BOUND_MS }).toMatchObject(STALE)
      expect((await client.me()).headers.get('x-stillin-unavailable')).toBe('stale')
      expect((await client.send('GET', '/readyz')).status).toBe(503)
      const forged = client.twin()
      forged.headers = { authorization: (client.headers['authorization'] ?? '').replace(/.{6}$/, 'AAAAAA') }
      expect(await forged.me()).toMatchObject({ status: 401, body: { reason: 'signature' } })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    // The logout that timed out may have been done by Redis after all: what counts is that both nodes agree in the end.
    const elsewhere = atOtherNode(client)
    await expect
      .poll(async () => [(await client.me()).status, (await elsewhere.me()).status], { timeout: 5_000 })
      .toSatisfy(([first, second]: number[]) => first === second && first !== 503)
  })

  test('that is full refuses logouts aloud and stays fresh', async () => {
    const client = await loggedIn()
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    await admin.config('SET', 'maxmemory', '1')
    for (const path of ['/logout', '/logout/all'])
      expect(await client.twin().logout(path)).toMatchObject({ status: 503, body: { reason: 'memory_full' } })
    expect((await client.me()).status).toBe(200)
    await admin.config('SET', 'maxmemory', '0')
    expect((await client.twin().logout()).status).toBe(204)
    expect(await client.me()).toMatchObject(REVOKED)
  })
})
