import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#services/auth/clock.ts'
import { MemoryStore } from '#services/auth/sessions/memory-store.ts'
import { RedisConnection } from '#services/auth/sessions/redis-connection.ts'
import { RedisStore } from '#services/auth/sessions/redis-store.ts'
import { newSessionId } from '#services/auth/sessions/session-id.ts'
import type { SessionStore } from '#services/auth/sessions/session-store.ts'
import { testRedis } from '../../../redis.ts'
import { session } from './fresh-session.ts'

const IDLE_MS = 30_000
const BOUNDS = { maxSessions: 100, maxBytes: 1_000_000, whenFull: 'refuse' } as const

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

describe.each(['memory', 'redis'])('a session store over %s', (kind) => {
  const clock = systemClock()
  let store: SessionStore
  beforeAll(async () => {
    if (kind === 'memory') {
      store = new MemoryStore(clock, IDLE_MS, BOUNDS)
      return
    }
    const connection = new RedisConnection(redis.url, 2_000, () => undefined)
    expect(await connection.connect()).toBe('up')
    store = new RedisStore(connection, clock, IDLE_MS)
  })
  afterAll(() => store.close())

  test('reads back what was created, and nothing else', async () => {
    const kept = await session(store, clock.now(), { data: { cart: ['tea'] } })
    await store.create(kept)
    expect(await store.read(kept.id)).toEqual(kept)
    expect(await store.read(newSessionId('redis', kept.userId, kept.deadlineMs))).toBeUndefined()
    expect(await store.read('no session id')).toBeUndefined()
  })

  test('updates what is there and never brings back what was deleted', async () => {
    const kept = await session(store, clock.now())
    await store.create(kept)
    expect(await store.update({ ...kept, data: { a: 1 } })).toBe('updated')
    expect(await store.read(kept.id)).toEqual({ ...kept, data: { a: 1 } })
    await store.delete(kept.id)
    expect(await store.update({ ...kept, data: { a: 2 } })).toBe('gone')
    expect(await store.read(kept.id)).toBeUndefined()
    await store.delete(kept.id)
  })

  test('of two updates in parallel the last one stays as a whole', async () => {
    const kept = await session(store, clock.now())
    await store.create(kept)
    await Promise.all([store.update({ ...kept, data: { a: 1 } }), store.update({ ...kept, data: { b: 2 } })])
    expect(await store.read(kept.id)).toEqual({ ...kept, data: { b: 2 } })
  })

  test('an advanced epoch voids every session of the user, also one whose login had begun', async () => {
    const before = await session(store, clock.now())
    const begun = await session(store, clock.now(), { userId: before.userId })
    await store.create(before)
    await store.advanceEpoch(before.userId)
    await store.create(begun)
    expect(await store.read(before.id)).toBe('revoked')
    expect(await store.read(begun.id)).toBe('revoked')
    const after = await session(store, clock.now(), { userId: before.userId })
    await store.create(after)
    expect(await store.read(after.id)).toEqual(after)
    expect(after.epoch).toBeGreaterThan(before.epoch)
    expect(await store.update({ ...before, data: { a: 1 } })).toBe('updated')
    expect(await store.read(before.id)).toBe('revoked')
  })

  test('answers that it is up', async () => {
    expect(await store.ping()).toBe('up')
  })
})

describe('time in a session store', () => {
  test('ends an idle session in memory, however far its deadline; a read keeps it', async () => {
    const clock = systemClock()
    const store = new MemoryStore(clock, IDLE_MS, BOUNDS)
    const kept = await session(store, clock.now(), { deadlineMs: clock.now() + 50_000 })
    await store.create(kept)
    clock.setOffset(29_000)
    expect(await store.read(kept.id)).toEqual(kept)
    clock.setOffset(45_000)
    expect(await store.read(kept.id)).toEqual(kept)
    clock.setOffset(51_000)
    expect(await store.read(kept.id)).toBeUndefined()
    const idle = await session(store, clock.now(), { deadlineMs: clock.now() + 500_000 })
    await store.create(idle)
    clock.setOffset(51_000 + IDLE_MS)
    expect(await store.read(idle.id)).toBeUndefined()
    expect(store.usage.held).toBe(0)
  })
})
