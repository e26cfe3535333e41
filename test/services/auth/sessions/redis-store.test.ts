import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '#services/auth/clock.ts'
import { systemClock } from '#services/auth/clock.ts'
import { ERRORS } from '#services/auth/errors.ts'
import { RedisConnection } from '#services/auth/sessions/redis-connection.ts'
import { RedisStore } from '#services/auth/sessions/redis-store.ts'
import { newSessionId } from '#services/auth/sessions/session-id.ts'
import { testRedis } from '../../../redis.ts'
import { showAlike, showEndsAlike } from './alike.ts'
import { session } from './fresh-session.ts'

const IDLE_MS = 30_000
/** Words of the declared error. */
const FULL = ERRORS.memoryFull.message

let redis: Awaited<ReturnType<typeof testRedis>>
let probe: Redis
let clock: Clock
let store: RedisStore
beforeAll(async () => {
  redis = await testRedis()
  probe = new Redis(redis.url)
})
afterAll(async () => {
  await probe.quit()
  await redis[Symbol.asyncDispose]()
})
beforeEach(async () => {
  clock = systemClock()
  const connection = new RedisConnection(redis.url, 2_000, () => undefined)
  await connection.connect()
  store = new RedisStore(connection, clock, IDLE_MS)
})
afterEach(() => store.close())

describe('time', () => {
  test('is kept by Redis itself: the shorter of the idle time and what is left, renewed by a read', async () => {
    const kept = await session(store, clock.now(), { deadlineMs: clock.now() + 50_000 })
    await store.create(kept)
    const [key = ''] = await probe.keys(`stillin:session:{${kept.userId}}:*`)
    const leftMs = () => probe.pttl(key)
    expect(await leftMs()).toBeGreaterThan(28_000)
    expect(await leftMs()).toBeLessThanOrEqual(30_000)
    await probe.pexpire(key, 1_000)
    await store.read(kept.id)
    expect(await leftMs()).toBeGreaterThan(28_000)
    clock.setOffset(45_000)
    await store.read(kept.id)
    expect(await leftMs()).toBeLessThanOrEqual(5_000)
    clock.setOffset(50_000)
    expect(await store.read(kept.id)).toBeUndefined()
  })
})

describe('a login at a node whose clock is fast', () => {
  const FAST_MS = 600_000

  test('takes none of its user’s logins out of the list', async () => {
    const kept = await session(store, clock.now())
    await store.create(kept)
    clock.setOffset(FAST_MS)
    await store.create(await session(store, clock.now(), { userId: kept.userId }))
    clock.setOffset(0)
    expect(await store.listing.list(kept.userId)).toHaveLength(2)
    expect(await store.read(kept.id)).toEqual(kept)
  })

  test('leaves no more of them than the limit, and lets no user in beyond the limit of users', async () => {
    const connection = new RedisConnection(redis.url, 2_000, () => undefined)
    await connection.connect()
    const limits = { perUser: 1, atPerUser: 'end-oldest', usersOnline: 1 } as const
    await probe.del('stillin:online')
    const limited = new RedisStore(connection, clock, IDLE_MS, limits)
    const first = await session(limited, clock.now())
    await limited.create(first)
    clock.setOffset(FAST_MS)
    const second = await session(limited, clock.now(), { userId: first.userId })
    await limited.create(second)
    const stranger = await session(limited, clock.now())
    await expect(limited.create(stranger)).rejects.toThrow(ERRORS.usersOnlineLimit.message)
    clock.setOffset(0)
    expect(await limited.read(first.id)).toBeUndefined()
    expect(await limited.read(second.id)).toEqual(second)
    await limited.close()
  })

  test('does not take a user whose login is over for one who is online', async () => {
    const connection = new RedisConnection(redis.url, 2_000, () => undefined)
    await connection.connect()
    await probe.del('stillin:online')
    const limited = new RedisStore(connection, clock, IDLE_MS, { atPerUser: 'end-oldest', usersOnline: 1 })
    const over = await session(limited, clock.now())
    await limited.create(over)
    clock.setOffset(61_000)
    await limited.create(await session(limited, clock.now()))
    const back = await session(limited, clock.now(), { userId: over.userId })
    await expect(limited.create(back)).rejects.toThrow(ERRORS.usersOnlineLimit.message)
    await limited.close()
  })
})

describe('many sessions of one user made at once', () => {
  test('are to Redis what sessions made one by one are', async () => {
    const { one, alike } = await showAlike(store)
    const keys = await probe.keys(`stillin:session:{${one.userId}}:*`)
    expect(keys).toHaveLength(4)
    expect(new Set(await probe.mget(keys)).size).toBe(1)
    for (const key of keys) expect(await probe.pttl(key)).toBeGreaterThan(28_000)
    const scores = await probe.zrange(`stillin:sessions:{${one.userId}}`, '0', '-1', 'WITHSCORES')
    expect(scores.filter((_, index) => index % 2 === 1)).toEqual(
      Array.from({ length: 4 }, () => String(one.deadlineMs)),
    )
    expect(await probe.pttl(`stillin:sessions:{${one.userId}}`)).toBeGreaterThan(55_000)
    expect(await probe.zscore('stillin:online', one.userId)).toBe(String(one.deadlineMs))
    await showEndsAlike(store, alike)
  })

  test('stay within the limit of sessions a user', async () => {
    const connection = new RedisConnection(redis.url, 2_000, () => undefined)
    await connection.connect()
    const limited = new RedisStore(connection, clock, IDLE_MS, { perUser: 2, atPerUser: 'end-oldest' })
    const { id: _, ...rest } = await session(limited, Date.now())
    const ids = [1, 2, 3].map(() => newSessionId('redis', rest.userId, rest.deadlineMs))
    await limited.createAlike(rest, ids)
    expect(await limited.listing.list(rest.userId)).toHaveLength(2)
    await limited.close()
  })
})

describe('what Redis refuses', () => {
  test('is the store’s failure, never a refusal of the login', async () => {
    const kept = await session(store, Date.now())
    await store.create(kept)
    const [key = ''] = await probe.keys(`stillin:session:{${kept.userId}}:*`)
    await probe.del(key)
    await probe.lpush(key, 'not a session')
    await expect(store.read(kept.id)).rejects.toThrow(ERRORS.storeUnavailable.message)
    await probe.del(key)
  })
})

describe('what Redis holds', () => {
  test('logs nobody in, and a lost epoch refuses instead of reviving', async () => {
    const kept = await session(store, Date.now())
    await store.create(kept)
    const secret = kept.id.split('.').at(-1) ?? ''
    const keys = await probe.keys(`stillin:*{${kept.userId}}*`)
    // The session, the user's epoch, the index of the user's sessions.
    expect(keys).toHaveLength(3)
    for (const key of keys) {
      expect(key).not.toContain(secret)
      const isIndex = key.startsWith('stillin:sessions:')
      expect(isIndex ? await probe.zrange(key, '0', '-1') : await probe.get(key)).toSatisfy(
        (value) => !JSON.stringify(value).includes(secret),
      )
    }
    await probe.del(`stillin:epoch:{${kept.userId}}`)
    expect(await store.read(kept.id)).toBe('revoked')
    expect(await store.epochOf(kept.userId)).toBeGreaterThan(kept.epoch)
    expect(await store.read(kept.id)).toBe('revoked')
  })

  test('is refused when Redis is full, and logging out goes on', async (context) => {
    if (redis.pid === undefined)
      return context.skip('this Redis is somebody else’s: its memory is not ours to limit')
    const kept = await session(store, Date.now())
    await store.create(kept)
    const late = await session(store, Date.now())
    await probe.config('SET', 'maxmemory', '1')
    try {
      await expect(store.create(late)).rejects.toThrow(FULL)
      await expect(store.update({ ...kept, data: { a: 1 } })).rejects.toThrow(FULL)
      await expect(store.epochOf('somebody-new')).rejects.toThrow(FULL)
      await store.delete(kept.id)
      expect(await store.read(kept.id)).toBeUndefined()
    } finally {
      await probe.config('SET', 'maxmemory', '0')
    }
  })
})
