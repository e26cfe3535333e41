import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { freshKeyRing } from './keys.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

/** Longer than two of the longest waits between heartbeats. */
const TWO_BEATS_MS = 550

async function commandsMeanwhile(node: TestNode): Promise<number> {
  const before = (await node.usage()).store.commands
  await delay(TWO_BEATS_MS)
  return (await node.usage()).store.commands - before
}

describe.each(['redis-cached', 'jwt-pushed'])('a node that another mode has taken over from %s', (mode) => {
  const settings = () => ({ STILLIN_REDIS_URL: redis.url, STILLIN_REDIS_TIMEOUT_MS: '2000' })

  test.concurrent('asks Redis nothing of its own accord, and goes on when the mode is back', async () => {
    await using node = await testNode({ STILLIN_MODE: mode, ...settings() })
    const client = new Client(node.url)
    await client.login()
    expect(await commandsMeanwhile(node)).toBeGreaterThan(0)
    await node.switchTo('local', 2)
    // What was asked before the switch may still be under way.
    await delay(TWO_BEATS_MS)
    expect(await commandsMeanwhile(node)).toBe(0)
    await node.switchTo(mode, 3)
    expect((await client.me()).status).toBe(200)
    expect(await commandsMeanwhile(node)).toBeGreaterThan(0)
  })

  test.concurrent('knows what was revoked meanwhile before it answers again', async () => {
    const keyRing = freshKeyRing()
    await using resting = await testNode({ STILLIN_MODE: mode, ...settings() }, keyRing)
    await using other = await testNode({ STILLIN_MODE: mode, ...settings() }, keyRing)
    const client = new Client(resting.url)
    await client.login('user-3')
    expect((await client.me()).status).toBe(200)
    await resting.switchTo('local', 2)
    const elsewhere = new Client(other.url)
    Object.assign(elsewhere.headers, client.headers)
    expect((await elsewhere.logout()).status).toBe(204)
    await resting.switchTo(mode, 3)
    expect((await client.me()).status).toBe(401)
  })

  test.concurrent('rests when the switch to the mode was given up', async () => {
    await using node = await testNode({ STILLIN_MODE: 'local', ...settings() })
    await node.admin('PUT', '/mode', { mode, generation: 2, phase: 'prepare' })
    expect(await commandsMeanwhile(node)).toBeGreaterThan(0)
    await node.admin('PUT', '/mode', { mode, generation: 2, phase: 'abort' })
    await delay(TWO_BEATS_MS)
    expect(await commandsMeanwhile(node)).toBe(0)
  })
})
