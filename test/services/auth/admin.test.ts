import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SeedAnswer } from '#contract/node-admin.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { OUR_MODES } from './our-modes.ts'
import type { TestNode } from './test-node.ts'
import { ADMIN_TOKEN, testNode } from './test-node.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
let node: TestNode
beforeAll(async () => {
  redis = await testRedis()
  node = await testNode({ STILLIN_REDIS_URL: redis.url })
})
afterAll(async () => {
  await node[Symbol.asyncDispose]()
  await redis[Symbol.asyncDispose]()
})

describe('the private listener', () => {
  test('wants its token on every route, also on those that are not there', async () => {
    for (const authorization of [
      undefined,
      'Bearer ',
      `Bearer ${ADMIN_TOKEN}x`,
      `Basic ${ADMIN_TOKEN}`,
      ADMIN_TOKEN,
      'Bearer wrong-token-of-some-length',
    ])
      for (const [method, path] of [
        ['GET', '/usage'],
        ['PUT', '/mode'],
        ['POST', '/sessions'],
        ['PUT', '/clock'],
        ['PUT', '/gates/lookup-after-read'],
      ] as const) {
        const answer = await fetch(`${node.adminUrl}${path}`, {
          method,
          headers: authorization === undefined ? {} : { authorization },
        })
        expect([path, answer.status]).toEqual([path, 401])
      }
    expect((await node.admin('GET', '/nothing')).status).toBe(404)
  })

  test('is not the public one', async () => {
    for (const path of ['/usage', '/mode', '/clock']) {
      const answer = await fetch(`${node.url}${path}`, {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      })
      expect(answer.status).toBe(404)
    }
  })

  test('has neither clock nor gates outside of tests', async () => {
    await using real = await testNode({ NODE_ENV: 'production' })
    expect((await real.admin('GET', '/usage')).status).toBe(200)
    expect((await real.admin('PUT', '/clock', { offsetMs: 1 })).status).toBe(404)
    expect((await real.admin('PUT', '/gates/lookup-after-read', { held: true })).status).toBe(404)
  })
})

describe('usage', () => {
  test('counts every answer once, by kind, and lookups apart', async () => {
    await using fresh = await testNode()
    const client = new Client(fresh.url)
    await client.login() // ok
    await client.me() // ok, lookup
    await client.send('GET', '/baseline') // ok, lookup
    await client.send('GET', '/livez') // not counted: about the node itself
    await client.logout() // ok, 204
    await client.me() // refused, lookup
    await client.login('user-1', 'wrong', { 'x-csrf': '1' }) // refused
    await client.send('POST', '/login', '{') // client error
    await client.send('GET', '/nothing') // client error
    const usage = await fresh.usage()
    expect(usage.answers).toEqual({ ok: 4, refused: 2, unavailable: 0, clientError: 2, serverError: 0 })
    expect(usage.lookups).toBe(3)
    expect(usage).toMatchObject({ id: 'node-1', pid: process.pid, mode: 'local', generation: 1 })
    expect(usage.cpu.userUs + usage.cpu.systemUs).toBeGreaterThan(0)
    expect(usage.cpu.loopUs).toBeGreaterThan(0)
    expect(usage.eventLoop.utilization).toBeGreaterThan(0)
    expect(usage.eventLoop.utilization).toBeLessThanOrEqual(1)
  })

  test('counts full memory as unavailable', async () => {
    await using full = await testNode({ STILLIN_MEMORY_MAX_SESSIONS: '1' })
    await new Client(full.url).login('user-1')
    const refused = await new Client(full.url).login('user-2')
    expect(refused).toMatchObject({ status: 503, body: { error: 'unavailable', reason: 'memory_full' } })
    expect(refused.headers.get('x-stillin-unavailable')).toBe('memory_full')
    expect((await full.usage()).answers).toMatchObject({ ok: 1, unavailable: 1, serverError: 0 })
    expect((await full.usage()).sessions).toMatchObject({ held: 1, evicted: 0 })
  })

  test('says the same as /metrics', async () => {
    const text = await (await fetch(`${node.url}/metrics`)).text()
    for (const name of [
      'stillin_answers_total{kind="ok"',
      'stillin_lookups_total',
      'stillin_memory_sessions',
      'stillin_mode_generation{mode="local"',
      'process_cpu_user_seconds_total',
    ])
      expect(text).toContain(name)
  })
})

test('the metrics count the copies that mode replicated keeps in a node’s memory', async () => {
  await using fresh = await testNode({ STILLIN_MODE: 'replicated' })
  await fresh.admin('POST', '/sessions', { userIds: ['user-1', 'user-2', 'user-3'] })
  const text = await (await fetch(`${fresh.url}/metrics`)).text()
  expect(text).toContain('stillin_memory_sessions{node="node-1"} 3')
})

describe.each(OUR_MODES)('logins seeded in %s', (mode) => {
  test('are good, each for its own user, in the order asked', async () => {
    await node.switchTo(mode, 10 + OUR_MODES.indexOf(mode))
    const userIds = Array.from({ length: 500 }, (_, index) => `user-${(index % 20) + 1}`)
    const answer = await node.admin('POST', '/sessions', { userIds })
    expect(answer.status).toBe(200)
    const seeded = (await answer.json()) as SeedAnswer
    expect(seeded.mode).toBe(mode)
    expect(seeded.credentials.map(({ userId }) => userId)).toEqual(userIds)
    expect(new Set(seeded.credentials.map(({ headers }) => JSON.stringify(headers))).size).toBe(500)
    for (const index of [0, 7, 199, 200, 499]) {
      const client = new Client(node.url)
      client.headers = { ...seeded.credentials[index]?.headers }
      expect((await client.me()).body).toMatchObject({ id: userIds[index], mode })
    }
    const [client] = [new Client(node.url)]
    client.headers = { ...seeded.credentials[3]?.headers }
    expect((await client.logout()).status).toBe(204)
  })

  test('keep data from the start where it is given, and answer no credentials where none are wanted', async () => {
    const data = { d: 'x'.repeat(100) }
    const kept = await node.admin('POST', '/sessions', { userIds: ['user-7'], data })
    const client = new Client(node.url)
    client.headers = { ...((await kept.json()) as SeedAnswer).credentials[0]?.headers }
    expect((await client.send('GET', '/me/data')).body).toEqual({ data })
    const silent = await node.admin('POST', '/sessions', { userIds: ['user-8'], answer: 'none' })
    expect(await silent.json()).toEqual({ mode, credentials: [] })
  })

  test('may live shorter than the node’s own, not longer', async () => {
    const refused = await node.admin('POST', '/sessions', { userIds: ['user-1'], lifetimeS: 301 })
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'lifetime_too_long' }])
    const short = await node.admin('POST', '/sessions', { userIds: ['user-1'], lifetimeS: 20 })
    const { credentials } = (await short.json()) as SeedAnswer
    const client = new Client(node.url)
    client.headers = { ...credentials[0]?.headers }
    expect((await client.me()).status).toBe(200)
    node.advance(26_000)
    expect(await client.me()).toMatchObject({ status: 401, body: { reason: 'expired' } })
    node.advance(-26_000)
  })
})

test.each(['local', 'redis', 'cookie'] as const)(
  'seeds many a user at once in %s where nobody will present them',
  async (mode) => {
    await node.switchTo(mode, 40 + OUR_MODES.indexOf(mode))
    const userIds = ['user-15', 'user-16']
    const count = async () => {
      const answer = await node.admin('POST', '/sessions/count', { userIds })
      return [answer.status, await answer.json()]
    }
    const [, before] = await count()
    const answer = await node.admin('POST', '/sessions', { userIds, each: 7, answer: 'none' })
    expect([answer.status, await answer.json()]).toEqual([200, { mode, credentials: [] }])
    if (mode === 'cookie') expect(await count()).toMatchObject([501, { error: 'not_in_this_mode' }])
    else
      expect(await count()).toEqual([200, { mode, sessions: (before as { sessions: number }).sessions + 14 }])
  },
)

test('seeding refuses whom nobody knows, more than 10,000, and unknown fields', async () => {
  const send = async (body: object) => {
    const answer = await node.admin('POST', '/sessions', body)
    return [answer.status, ((await answer.json()) as { error: string }).error]
  }
  expect(await send({ userIds: ['user-1', 'nobody'] })).toEqual([400, 'unknown_user'])
  expect(await send({ userIds: ['../x'] })).toEqual([400, 'invalid_request'])
  expect(await send({ userIds: Array.from({ length: 10_001 }, () => 'user-1') })).toEqual([
    400,
    'invalid_request',
  ])
  expect(await send({ userIds: [], password: 'x' })).toEqual([400, 'invalid_request'])
  expect(await send({ userIds: ['user-1'], each: 2 })).toEqual([400, 'invalid_request'])
  const each = { each: 5_001, answer: 'none' }
  expect(await send({ userIds: ['user-1', 'user-2'], ...each })).toEqual([400, 'invalid_request'])
})
