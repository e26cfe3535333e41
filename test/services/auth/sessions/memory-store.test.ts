import { describe, expect, test } from 'vitest'
import { systemClock } from '#services/auth/clock.ts'
import { ERRORS } from '#services/auth/errors.ts'
import type { MemoryBounds } from '#services/auth/sessions/memory-entries.ts'
import { MemoryStore } from '#services/auth/sessions/memory-store.ts'
import { newSessionId } from '#services/auth/sessions/session-id.ts'
import type { Session } from '#services/auth/sessions/session-store.ts'

const BOUNDS: MemoryBounds = { maxSessions: 3, maxBytes: 1_000_000, whenFull: 'refuse' }

/** Words of the declared error. */
const FULL = ERRORS.memoryFull.message

function build(bounds: Partial<MemoryBounds> = {}) {
  const clock = systemClock()
  const store = new MemoryStore(clock, 30_000, { ...BOUNDS, ...bounds })
  const session = (data?: Session['data']): Session => ({
    id: newSessionId('local', 'user-1', clock.now() + 60_000),
    userId: 'user-1',
    role: 'user',
    loginAt: new Date(clock.now()).toISOString(),
    epoch: 0,
    deadlineMs: clock.now() + 60_000,
    ...(data && { data }),
  })
  return { clock, store, session }
}

describe('the memory store at its bound', () => {
  test('refuses a login and keeps who is in', async () => {
    const { store, session } = build()
    const [a, b, c, late] = [session(), session(), session(), session()]
    for (const one of [a, b, c]) await store.create(one)
    await expect(store.create(late)).rejects.toThrow(FULL)
    expect(await store.read(late.id)).toBeUndefined()
    for (const one of [a, b, c]) expect(await store.read(one.id)).toEqual(one)
    await store.delete(b.id)
    await store.create(late)
    expect(store.usage).toMatchObject({ held: 3, evicted: 0 })
  })

  test('or logs out the oldest login, and counts it', async () => {
    const { store, session } = build({ whenFull: 'evict-oldest' })
    const all = [session(), session(), session(), session(), session()]
    for (const one of all) await store.create(one)
    const reads = await Promise.all(all.map((one) => store.read(one.id)))
    expect(reads.map((read) => read !== undefined)).toEqual([false, false, true, true, true])
    expect(store.usage).toMatchObject({ held: 3, evicted: 2 })
  })

  test('counts bytes as well as entries, for new sessions and for grown ones', async () => {
    const { store, session } = build({ maxSessions: 1_000, maxBytes: 20_000 })
    const small = session()
    await store.create(small)
    await expect(store.create(session({ text: 'x'.repeat(10_000) }))).rejects.toThrow(FULL)
    await expect(store.update({ ...small, data: { text: 'x'.repeat(10_000) } })).rejects.toThrow(FULL)
    expect(await store.read(small.id)).toEqual(small)
    expect(await store.update({ ...small, data: { text: 'x'.repeat(5_000) } })).toBe('updated')
    expect(store.usage.bytes).toBeGreaterThan(10_000)
    expect(store.usage.bytes).toBeLessThanOrEqual(20_000)
    await store.delete(small.id)
    expect(store.usage).toEqual({ held: 0, bytes: 0, evicted: 0 })
  })

  test('never evicts everybody for one that cannot fit', async () => {
    const { store, session } = build({ whenFull: 'evict-oldest', maxBytes: 5_000 })
    const small = session()
    await store.create(small)
    await expect(store.create(session({ text: 'x'.repeat(50_000) }))).rejects.toThrow(FULL)
    expect(await store.read(small.id)).toEqual(small)
    expect(store.usage.evicted).toBe(0)
  })

  test('makes room by dropping what has expired before it refuses or evicts', async () => {
    for (const whenFull of ['refuse', 'evict-oldest'] as const) {
      const { clock, store, session } = build({ whenFull })
      for (let index = 0; index < 3; index += 1) await store.create(session())
      clock.setOffset(31_000)
      await store.create(session())
      expect(store.usage).toMatchObject({ held: 1, evicted: 0 })
    }
  })
})

describe('a node’s clock that is wrong for a while', () => {
  test('refuses while it is fast, and logs nobody out for good', async () => {
    const { clock, store, session } = build()
    const one = session()
    await store.create(one)
    clock.setOffset(600_000)
    expect(await store.read(one.id)).toBeUndefined()
    expect(await store.update(one)).toBe('gone')
    expect(await store.listing.list('user-1')).toEqual([])
    expect(await store.usersOnline()).toEqual({ users: 0, scope: 'node' })
    clock.setOffset(0)
    expect(await store.read(one.id)).toEqual(one)
    expect(await store.usersOnline()).toEqual({ users: 1, scope: 'node' })
  })

  test('takes no idle time away while it is slow', async () => {
    const { clock, store, session } = build()
    const one = session()
    await store.create(one)
    clock.setOffset(-40_000)
    expect(await store.read(one.id)).toEqual(one)
    clock.setOffset(0)
    expect(await store.read(one.id)).toEqual(one)
  })
})

describe('a clock that was wrong', () => {
  test.each(['end-oldest', 'refuse'] as const)(
    'leaves no more sessions than the limit (%s)',
    async (atPerUser) => {
      const clock = systemClock()
      const store = new MemoryStore(clock, 30_000, BOUNDS, { perUser: 1, atPerUser })
      const { session } = build()
      const [first, second] = [session(), session()]
      await store.create(first)
      clock.setOffset(600_000)
      await store.create({ ...second, deadlineMs: second.deadlineMs + 600_000 })
      clock.setOffset(0)
      expect(await store.read(first.id)).toBeUndefined()
      expect(await store.read(second.id)).toBeDefined()
    },
  )

  test('keeps nobody from dropping what is over', async () => {
    const { clock, store, session } = build()
    for (let index = 0; index < 3; index += 1) await store.create(session())
    clock.setOffset(-600_000)
    await expect(store.create(session())).rejects.toThrow(FULL)
    clock.setOffset(61_000)
    await store.create(session())
    expect(store.usage.held).toBe(1)
  })
})

test('a write that finds no room drops what is over before it is refused', async () => {
  const { clock, store, session } = build({ maxBytes: 20_000 })
  await store.create(session({ text: 'x'.repeat(6_000) }))
  clock.setOffset(31_000)
  const grown = session()
  await store.create(grown)
  expect(await store.update({ ...grown, data: { text: 'x'.repeat(6_000) } })).toBe('updated')
})

test('who logged out everywhere is not online', async () => {
  const { store, session } = build()
  await store.create(session())
  await store.advanceEpoch('user-1')
  expect(await store.usersOnline()).toEqual({ users: 0, scope: 'node' })
})
