import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const TIMEOUT_MS = 200
/** What a busy machine may add to a time limit before the test calls it broken. */
const SLACK_MS = 800

const UNAVAILABLE = { status: 503, body: { error: 'unavailable', reason: 'store_unavailable' } }

let redis: Awaited<ReturnType<typeof testRedis>>
let pid: number
let node: TestNode
let client: Client

beforeEach(async (context) => {
  redis = await testRedis()
  if (redis.pid === undefined) return context.skip('this Redis is somebody else’s: it cannot be stopped')
  pid = redis.pid
  node = await testNode({ STILLIN_MODE: 'redis', STILLIN_REDIS_URL: redis.url })
  client = new Client(node.url)
  await client.login()
})
afterEach(async () => {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGCONT')
  } catch {
    // It was killed by the test.
  }
  await node[Symbol.asyncDispose]()
  await redis[Symbol.asyncDispose]()
})

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const startedAt = performance.now()
  const result = await work()
  return [performance.now() - startedAt, result]
}

/** Asks until the store is back, for at most five seconds. */
async function untilBack(ask: () => Promise<{ status: number }>): Promise<number> {
  const giveUpAt = performance.now() + 5_000
  for (;;) {
    const { status } = await ask()
    if (status !== 503 || performance.now() > giveUpAt) return status
  }
}

describe('a Redis that is silent', () => {
  test('is answered for with 503 in time; nobody gets in, nobody is thrown out, nobody’s cookie goes', async () => {
    process.kill(pid, 'SIGSTOP')
    const stranger = new Client(node.url)
    const forged = client.twin()
    forged.headers = { cookie: `${client.headers['cookie']}x` }
    const attempts = [
      () => client.me(),
      () => client.write({ a: 1 }),
      () => client.logout(),
      () => client.logout('/logout/all'),
      () => stranger.login('user-2'),
    ]
    const answers = await Promise.all(attempts.map((attempt) => timed(attempt)))
    for (const [tookMs, answer] of answers) {
      expect(answer).toMatchObject(UNAVAILABLE)
      expect(answer.headers.get('x-stillin-unavailable')).toBe('store_unavailable')
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(JSON.stringify(answer.body)).not.toMatch(/redis|timed out|127\.0\.0\.1/i)
      expect(tookMs).toBeLessThan(TIMEOUT_MS + SLACK_MS)
    }
    // The signature is ours to judge, with or without a store.
    expect(await forged.me()).toMatchObject({ status: 401, body: { reason: 'signature' } })
    expect(await stranger.me()).toMatchObject({ status: 401, body: { reason: 'absent' } })

    process.kill(pid, 'SIGCONT')
    // The logouts were refused before they reached the session: its owner is still in.
    expect(await untilBack(() => client.me())).toBe(200)
    expect((await node.usage()).answers.unavailable).toBeGreaterThanOrEqual(5)
  })

  test('is told apart by /readyz, and /livez does not care', async () => {
    expect((await client.send('GET', '/readyz')).body).toMatchObject({ status: 'ready', store: 'up' })
    process.kill(pid, 'SIGSTOP')
    const ready = await client.send('GET', '/readyz')
    expect(ready).toMatchObject(UNAVAILABLE)
    expect(ready.headers.get('x-stillin-unavailable')).toBe('store_unavailable')
    expect((await client.send('GET', '/livez')).status).toBe(200)
    process.kill(pid, 'SIGCONT')
    expect(await untilBack(() => client.send('GET', '/readyz'))).toBe(200)
    expect((await client.me()).status).toBe(200)
  })

  test('does not hold up a node that starts', async () => {
    process.kill(pid, 'SIGSTOP')
    const [tookMs] = await timed(async () => {
      await using late = await testNode({ STILLIN_MODE: 'redis', STILLIN_REDIS_URL: redis.url })
      expect(await new Client(late.url).send('GET', '/readyz')).toMatchObject(UNAVAILABLE)
    })
    expect(tookMs).toBeLessThan(5_000)
  })

  test('is soon not waited for any more: the circuit opens, and closes when it answers again', async () => {
    process.kill(pid, 'SIGSTOP')
    await Promise.all(Array.from({ length: 10 }, () => client.me()))
    const { store: before } = await node.usage()
    const burst = await Promise.all(Array.from({ length: 50 }, () => client.me()))
    expect(new Set(burst.map(({ status }) => status))).toEqual(new Set([503]))
    const { store: after } = await node.usage()
    // Two commands a lookup; all fifty would be a hundred.
    expect(after.commands - before.commands).toBeLessThan(20)
    process.kill(pid, 'SIGCONT')
    expect(await untilBack(() => client.me())).toBe(200)
  })
})

describe('a Redis that is gone', () => {
  test('is answered for with 503, in prepare too; the other modes go on', async () => {
    process.kill(pid, 'SIGKILL')
    const [tookMs, answer] = await timed(() => client.me())
    expect(answer).toMatchObject(UNAVAILABLE)
    expect(tookMs).toBeLessThan(TIMEOUT_MS + SLACK_MS)
    await node.switchTo('cookie', 2)
    const other = new Client(node.url)
    expect((await other.login()).status).toBe(200)
    expect((await other.me()).status).toBe(200)
    const prepare = await node.admin('PUT', '/mode', { mode: 'redis', generation: 3, phase: 'prepare' })
    expect(prepare.status).toBe(503)
    expect((await other.me()).headers.get('x-stillin-mode')).toBe('cookie@2')
  })

  test('does not keep a node from starting: it starts, unready', async () => {
    process.kill(pid, 'SIGKILL')
    await using late = await testNode({ STILLIN_MODE: 'redis', STILLIN_REDIS_URL: redis.url })
    expect((await new Client(late.url).send('GET', '/livez')).status).toBe(200)
    expect(await new Client(late.url).send('GET', '/readyz')).toMatchObject(UNAVAILABLE)
  })
})
