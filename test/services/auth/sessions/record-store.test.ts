import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StoreServer } from '#cluster/stores/store-server.ts'
import type { Clock } from '#services/auth/clock.ts'
import { CLOCK_SLACK_MS, systemClock } from '#services/auth/clock.ts'
import { ERRORS } from '#services/auth/errors.ts'
import { GuardedRecords } from '#services/auth/records/guarded-records.ts'
import { SqliteRecords } from '#services/auth/records/sqlite-records.ts'
import { RecordStore } from '#services/auth/sessions/record-store.ts'
import { newSessionId } from '#services/auth/sessions/session-id.ts'
import type { SessionLimits } from '#services/auth/sessions/session-store.ts'
import { storePlace } from '../../../store-places.ts'
import { showAlike, showEndsAlike } from './alike.ts'
import { session } from './fresh-session.ts'

const IDLE_MS = 30_000
const UNLIMITED: SessionLimits = { atPerUser: 'end-oldest' }

let place: StoreServer
let commands = 0
const opened: RecordStore[] = []
function open(clock: Clock, limits = UNLIMITED, pagesMax?: number): RecordStore {
  const backend = new SqliteRecords(place.store.url, { timeoutMs: 2_000, ...(pagesMax && { pagesMax }) })
  const countCommands = () => {
    commands += 1
  }
  const store = new RecordStore(
    new GuardedRecords(backend, { timeoutMs: 2_000, countCommands }),
    clock,
    IDLE_MS,
    limits,
  )
  opened.push(store)
  return store
}
beforeAll(async () => {
  place = (await storePlace('sqlite')) as StoreServer
})
afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())))
afterAll(() => place[Symbol.asyncDispose]())

test('many sessions of one user made at once are one change of the record, and end like others', async () => {
  const store = open(systemClock())
  const { alike } = await showAlike(store)
  const [first] = alike
  if (!first) throw new Error('there are none')
  const { id: _, ...rest } = await session(store, Date.now())
  commands = 0
  await store.createAlike(
    rest,
    [1, 2, 3].map(() => newSessionId('redis', rest.userId, rest.deadlineMs)),
  )
  // Read and swap.
  expect(commands).toBe(2)
  await showEndsAlike(store, alike)
})

describe('time in records', () => {
  test('ends an idle session; a lookup keeps it, and writes only when a tenth of the time has passed', async () => {
    const clock = systemClock()
    const store = open(clock)
    const kept = await session(store, clock.now(), { deadlineMs: clock.now() + 100_000 })
    await store.create(kept)
    commands = 0
    expect(await store.read(kept.id)).toEqual(kept)
    expect(commands).toBe(1)
    clock.setOffset(20_000)
    expect(await store.read(kept.id)).toEqual(kept)
    expect(commands).toBe(4)
    clock.setOffset(45_000)
    expect(await store.read(kept.id)).toEqual(kept)
    clock.setOffset(45_000 + IDLE_MS)
    expect(await store.read(kept.id)).toBeUndefined()
    expect(await store.update(kept)).toBe('gone')
  })

  test('ends every session at its deadline, however it is used', async () => {
    const clock = systemClock()
    const store = open(clock)
    const kept = await session(store, clock.now(), { deadlineMs: clock.now() + 10_000 })
    await store.create(kept)
    clock.setOffset(10_000)
    expect(await store.read(kept.id)).toBeUndefined()
    expect(await store.listing.list(kept.userId)).toEqual([])
  })
})

describe('a login at a node whose clock is fast', () => {
  test.each([undefined, 1])('ends no other login of its user, within the limit (%s)', async (perUser) => {
    const clock = systemClock()
    const store = open(clock, { ...UNLIMITED, perUser })
    const kept = await session(store, clock.now())
    await store.create(kept)
    clock.setOffset(600_000)
    await store.create(await session(store, clock.now(), { userId: kept.userId }))
    clock.setOffset(0)
    expect(await store.read(kept.id)).toEqual(perUser === undefined ? kept : undefined)
  })

  test('is itself dropped from the record once it has long been over', async () => {
    const clock = systemClock()
    const store = open(clock)
    const old = await session(store, clock.now())
    await store.create(old)
    clock.setOffset(60_000 + CLOCK_SLACK_MS)
    await store.create(await session(store, clock.now(), { userId: old.userId }))
    clock.setOffset(0)
    expect(await store.read(old.id)).toBeUndefined()
  })
})

describe('a limit on users online', () => {
  let clock: Clock
  beforeEach(() => {
    clock = systemClock()
  })

  test('holds over two nodes when many come at once, and a logout makes room', async () => {
    const limits = { ...UNLIMITED, usersOnline: 3 }
    const nodes = [open(clock, limits), open(clock, limits)]
    const [one, other] = nodes as [RecordStore, RecordStore]
    const logins = await Promise.all(Array.from({ length: 12 }, () => session(one, clock.now())))
    const made = await Promise.allSettled(
      logins.map((login, index) => (nodes[index % 2] as RecordStore).create(login)),
    )
    const inside = logins.filter((_, index) => made[index]?.status === 'fulfilled')
    expect(inside).toHaveLength(3)
    for (const login of logins)
      expect((await other.read(login.id)) !== undefined).toBe(inside.includes(login))
    expect(await other.usersOnline?.()).toEqual({ users: 3, scope: 'cluster' })
    const again = await session(one, clock.now(), { userId: inside[0]?.userId ?? '' })
    await one.create(again)
    await other.delete(again.id)
    const late = await session(one, clock.now())
    await expect(one.create(late)).rejects.toThrow(ERRORS.usersOnlineLimit.message)
    await other.advanceEpoch(inside[0]?.userId ?? '')
    await one.create(late)
    expect(await one.usersOnline?.()).toEqual({ users: 3, scope: 'cluster' })
  })

  test('is no limit where none is set; then the store itself counts', async () => {
    const store = open(clock)
    const before = (await store.usersOnline?.())?.users ?? 0
    const kept = await session(store, clock.now())
    await store.create(kept)
    expect(await store.usersOnline?.()).toEqual({ users: before + 1, scope: 'cluster' })
    await store.delete(kept.id)
    expect(await store.usersOnline?.()).toEqual({ users: before, scope: 'cluster' })
  })
})

test('a limit of one a user that refuses the newest admits one of many', async () => {
  const clock = systemClock()
  const store = open(clock, { perUser: 1, atPerUser: 'refuse' })
  const first = await session(store, clock.now())
  const logins = await Promise.all(
    Array.from({ length: 8 }, () => session(store, clock.now(), { userId: first.userId })),
  )
  const made = await Promise.allSettled(logins.map((login) => store.create(login)))
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('what the store holds logs nobody in, and a lost record refuses instead of reviving', async () => {
  const clock = systemClock()
  const store = open(clock)
  const kept = await session(store, clock.now())
  await store.create(kept)
  using database = new DatabaseSync(place.store.url)
  const rows = database.prepare('SELECT name, text FROM records WHERE name = ?').all(`user.${kept.userId}`)
  expect(rows).toHaveLength(1)
  expect(JSON.stringify(rows)).not.toContain(kept.id.split('.').at(-1))
  database.prepare('DELETE FROM records WHERE name = ?').run(`user.${kept.userId}`)
  expect(await store.read(kept.id)).toBeUndefined()
  await store.create(kept)
  expect(await store.read(kept.id)).toBe('revoked')
})

test('a SQLite file that cannot grow refuses logins as full; those who are in stay in and can log out', async () => {
  const clock = systemClock()
  const store = open(clock, UNLIMITED, 12)
  const kept = await session(store, clock.now())
  await store.create(kept)
  const large = await session(store, clock.now(), { data: { text: 'x'.repeat(100_000) } })
  await expect(store.create(large)).rejects.toThrow(ERRORS.memoryFull.message)
  expect(await store.read(kept.id)).toEqual(kept)
  await store.delete(kept.id)
  expect(await store.read(kept.id)).toBeUndefined()
})
