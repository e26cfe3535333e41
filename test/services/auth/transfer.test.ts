import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAB } from '#contract/lab.ts'
import { MODES, usesCookies } from '#contract/modes.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { OUR_MODES } from './our-modes.ts'
import { overtaken } from './overtaken.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

function transfer(client: Client, body: object = {}, headers: Record<string, string> = { 'x-csrf': '1' }) {
  return client.send('POST', '/transfer', { amount: 5, password: LAB.password, ...body }, headers)
}

describe.each(OUR_MODES)('a transfer in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({ STILLIN_MODE: mode, STILLIN_REDIS_URL: redis.url })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('wants a login, the password again, and in a cookie mode the header', async () => {
    const client = new Client(node.url)
    expect(await transfer(client)).toMatchObject({ status: 401, body: { reason: 'absent' } })
    await client.login('user-2')
    expect(await transfer(client)).toMatchObject({ status: 200, body: { id: 'user-2', amount: 5, mode } })
    expect(await transfer(client, { password: 'not it' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_login' },
    })
    expect((await transfer(client, {}, {})).status).toBe(usesCookies(MODES[mode]) ? 403 : 200)
    for (const body of [{ amount: 0 }, { amount: 1.5 }, { amount: '5' }, { to: 'me' }])
      expect((await transfer(client, body)).status).toBe(400)
    expect((await client.me()).status).toBe(200)
  })
})

describe.each(['jwt-denylist', 'jwt-pushed', 'jwt-hybrid'] as const)('a transfer in %s', (mode) => {
  test('is stopped by a logout that comes while its password is checked', async () => {
    await using node = await testNode({ STILLIN_MODE: mode, STILLIN_REDIS_URL: redis.url })
    for (const path of ['/logout', '/logout/all']) {
      const client = new Client(node.url)
      await client.login('user-3')
      const [payer, leaver] = [client.twin(), client.twin()]
      const answer = await overtaken(
        node,
        'transfer-before-confirm',
        () => transfer(payer),
        () => leaver.logout(path),
      )
      expect(answer).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    }
  })
})

describe('jwt-hybrid', () => {
  test('asks nobody for a lookup, and Redis for a transfer; after a logout only the lookup goes on', async () => {
    await using node = await testNode({ STILLIN_MODE: 'jwt-hybrid', STILLIN_REDIS_URL: redis.url })
    const client = new Client(node.url)
    await client.login('user-4')
    const commands = async (work: () => Promise<unknown>) => {
      const before = (await node.usage()).store.commands
      await work()
      return (await node.usage()).store.commands - before
    }
    expect(await commands(() => client.me())).toBe(0)
    expect(await commands(() => transfer(client))).toBeGreaterThan(0)
    await client.write({ cart: ['tea'] })
    expect((await transfer(client)).status).toBe(200)
    expect((await client.twin().logout()).status).toBe(204)
    expect((await client.me()).status).toBe(200)
    expect(await transfer(client)).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    expect((await client.twin().logout()).status).toBe(204)
  })

  test('keeps a session that no dump of the store can log in with, and that ends with the token', async () => {
    await using node = await testNode({ STILLIN_MODE: 'jwt-hybrid', STILLIN_REDIS_URL: redis.url })
    const admin = new Redis(redis.url)
    await admin.flushall()
    const client = new Client(node.url)
    await client.login('user-5')
    const keys = await admin.keys('stillin:session:*')
    expect(keys).toHaveLength(1)
    const ttlMs = await admin.pttl(keys[0] ?? '')
    admin.disconnect()
    expect(ttlMs).toBeGreaterThan(290_000)
    expect(ttlMs).toBeLessThanOrEqual(300_000)
    const payload = (client.headers['authorization'] ?? '').split('.')[1] ?? ''
    const { sid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid: string }
    expect(keys[0]).not.toContain(sid)
  })

  test('without Redis goes on answering lookups, and neither logs in, out, nor transfers', async () => {
    await using own = await testRedis()
    if (own.pid === undefined) throw new Error('this Redis is somebody else’s: it cannot be stopped')
    await using node = await testNode({ STILLIN_MODE: 'jwt-hybrid', STILLIN_REDIS_URL: own.url })
    const client = new Client(node.url)
    await client.login('user-6')
    // What nobody answers may take effect all the same when Redis goes on: this login is not needed again.
    const leaver = new Client(node.url)
    await leaver.login('user-7')
    process.kill(own.pid, 'SIGSTOP')
    try {
      const away = { status: 503, body: { reason: 'store_unavailable' } }
      expect((await client.me()).status).toBe(200)
      expect(await transfer(client)).toMatchObject(away)
      expect(await leaver.logout()).toMatchObject(away)
      expect(await new Client(node.url).login()).toMatchObject(away)
      expect((await client.me()).status).toBe(200)
    } finally {
      process.kill(own.pid, 'SIGCONT')
    }
    await expect.poll(async () => (await transfer(client)).status, { timeout: 5_000 }).toBe(200)
  })
})
