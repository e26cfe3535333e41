import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { STORE_NAMES, type StoreInstead } from '#contract/stores.ts'
import type { Clock } from '#services/auth/clock.ts'
import { systemClock } from '#services/auth/clock.ts'
import { GuardedRecords } from '#services/auth/records/guarded-records.ts'
import { openRecords } from '#services/auth/records/open-records.ts'
import { MemoryStore } from '#services/auth/sessions/memory-store.ts'
import { RecordStore } from '#services/auth/sessions/record-store.ts'
import { RedisConnection } from '#services/auth/sessions/redis-connection.ts'
import { RedisStore } from '#services/auth/sessions/redis-store.ts'
import { hashSessionId, newSessionId } from '#services/auth/sessions/session-id.ts'
import type { SessionLimits, SessionStore } from '#services/auth/sessions/session-store.ts'
import { testRedis } from '../../../redis.ts'
import { storePlace } from '../../../store-places.ts'
import { testRecords } from '../records/records-suite.ts'
import { session } from './fresh-session.ts'

const IDLE_MS = 30_000
const BOUNDS = { maxSessions: 1_000, maxBytes: 1_000_000, whenFull: 'refuse' } as const
const PATIENT = { timeoutMs: 2_000, countCommands: () => undefined }

const KINDS = ['memory', ...STORE_NAMES] as const

const stores = new Map<string, StoreInstead>()

async function openStore(
  kind: (typeof KINDS)[number],
  clock: Clock,
  limits: SessionLimits,
  owned: AsyncDisposableStack,
): Promise<SessionStore | string> {
  if (kind === 'memory') return new MemoryStore(clock, IDLE_MS, BOUNDS, limits)
  if (kind === 'redis') {
    const connection = new RedisConnection(owned.use(await testRedis()).url, 2_000, () => undefined)
    expect(await connection.connect()).toBe('up')
    return new RedisStore(connection, clock, IDLE_MS, limits)
  }
  const place = await storePlace(kind)
  if (typeof place === 'string') return place
  owned.use(place)
  stores.set(kind, place.store)
  const records = new GuardedRecords(await openRecords(place.store, 2_000), PATIENT)
  return new RecordStore(records, clock, IDLE_MS, limits)
}

describe.each(KINDS)('a session store over %s', (kind) => {
  const clock = systemClock()
  const owned = new AsyncDisposableStack()
  let store: SessionStore
  let missing: string | undefined
  beforeAll(async () => {
    const opened = await openStore(kind, clock, { perUser: 60, atPerUser: 'end-oldest' }, owned)
    if (typeof opened === 'string') missing = opened
    else store = opened
    if (typeof opened !== 'string') owned.defer(() => store.close())
  })
  beforeEach((context) => missing !== undefined && context.skip(missing))
  afterAll(() => owned.disposeAsync())

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

  test('has a session deleted whatever update runs at the same time', async () => {
    const sessions = await Promise.all(Array.from({ length: 10 }, () => session(store, clock.now())))
    await Promise.all(sessions.map((kept) => store.create(kept)))
    await Promise.all(
      sessions.flatMap((kept) => [
        store.update({ ...kept, data: { a: 1 } }),
        store.delete(kept.id),
        store.update({ ...kept, data: { a: 2 } }),
        store.read(kept.id),
      ]),
    )
    for (const kept of sessions) expect(await store.read(kept.id)).toBeUndefined()
  })

  test('voids what fifty logins of one user make while the user logs out everywhere', async () => {
    const first = await session(store, clock.now())
    const logins = await Promise.all(
      Array.from({ length: 50 }, () => session(store, clock.now(), { userId: first.userId })),
    )
    await Promise.all([...logins.map((login) => store.create(login)), store.advanceEpoch(first.userId)])
    const found = await Promise.all(logins.map((login) => store.read(login.id)))
    expect(new Set(found)).toEqual(new Set(['revoked']))
  })

  test('keeps fifty logins of one user that come at once, lists them, and ends one of them', async () => {
    const first = await session(store, clock.now())
    const logins = await Promise.all(
      Array.from({ length: 50 }, () => session(store, clock.now(), { userId: first.userId })),
    )
    await Promise.all(logins.map((login) => store.create(login)))
    const found = await Promise.all(logins.map((login) => store.read(login.id)))
    expect(found).toEqual(logins)
    const listed = await store.listing?.list(first.userId)
    expect(listed).toHaveLength(50)
    const [one] = logins
    expect(await store.listing?.end('somebody-else', hashSessionId(one?.id ?? ''))).toBe('unknown')
    expect(await store.listing?.end(first.userId, hashSessionId(one?.id ?? ''))).toBe('ended')
    expect(await store.read(one?.id ?? '')).toBeUndefined()
  })

  test('holds the limit of a user when more come at once', async () => {
    const first = await session(store, clock.now())
    const logins = await Promise.all(
      Array.from({ length: 70 }, () => session(store, clock.now(), { userId: first.userId })),
    )
    await Promise.all(logins.map((login) => store.create(login)))
    const found = await Promise.all(logins.map((login) => store.read(login.id)))
    expect(found.filter((kept) => kept !== undefined)).toHaveLength(60)
  })

  test('answers that it is up', async () => {
    expect(await store.ping()).toBe('up')
  })

  if (kind !== 'memory' && kind !== 'redis')
    describe('and its records', () => testRecords(() => stores.get(kind) ?? missing ?? ''))
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
  })
})
