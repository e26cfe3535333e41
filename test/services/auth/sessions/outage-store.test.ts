import { describe, expect, it } from 'vitest'
import { STALE_MAX_MS } from '#contract/outage.ts'
import { AnswerError } from '#services/auth/errors.ts'
import { MemoryStore } from '#services/auth/sessions/memory-store.ts'
import { withOutagePolicy } from '#services/auth/sessions/outage-store.ts'
import { newSessionId } from '#services/auth/sessions/session-id.ts'
import type { SessionStore } from '#services/auth/sessions/session-store.ts'
import { session } from './fresh-session.ts'

const NOW_MS = 1_700_000_000_000
const LIFETIME_MS = 300_000
const BOUNDS = { maxSessions: 100, maxBytes: 1_000_000, whenFull: 'refuse' } as const

/** A store that can be away, behind each policy; the one behind `other` is the same, as another node’s would be. */
function setUp(policy: 'open' | 'stale') {
  let nowMs = NOW_MS
  let isAway = false
  const clock = { now: () => nowMs, setOffset: () => {} }
  const memory = new MemoryStore(clock, LIFETIME_MS, BOUNDS)
  const reach: SessionStore = {
    ...bound(memory),
    read: (id) => (isAway ? Promise.reject(new AnswerError('storeUnavailable')) : memory.read(id)),
    update: (one) => (isAway ? Promise.reject(new AnswerError('storeUnavailable')) : memory.update(one)),
  }
  return {
    store: withOutagePolicy({ store: reach, policy, clock, lifetimeMs: LIFETIME_MS }),
    other: memory,
    away(next: boolean) {
      isAway = next
    },
    pass(ms: number) {
      nowMs += ms
    },
  }
}

function bound(memory: MemoryStore): SessionStore {
  return {
    epochOf: (userId) => memory.epochOf(userId),
    create: (one) => memory.create(one),
    read: (id) => memory.read(id),
    update: (one) => memory.update(one),
    delete: (id) => memory.delete(id),
    advanceEpoch: (userId) => memory.advanceEpoch(userId),
    ping: () => memory.ping(),
    close: () => memory.close(),
  }
}

describe('serving stale', () => {
  it('believes what it has read itself, for a while, and nothing else', async () => {
    const { store, away, pass } = setUp('stale')
    const seen = await session(store, NOW_MS)
    const unseen = await session(store, NOW_MS)
    for (const one of [seen, unseen]) await store.create(one)
    await store.read(seen.id)
    away(true)
    expect(await store.read(seen.id)).toMatchObject({ userId: seen.userId, epoch: seen.epoch })
    await expect(store.read(unseen.id)).rejects.toThrow(AnswerError)
    pass(STALE_MAX_MS)
    await expect(store.read(seen.id)).rejects.toThrow(AnswerError)
  })

  it('lets in whom another node has logged out meanwhile, and not whom it knows to be out', async () => {
    const { store, other, away } = setUp('stale')
    const [here, elsewhere] = [await session(store, NOW_MS), await session(store, NOW_MS)]
    for (const one of [here, elsewhere]) {
      await store.create(one)
      await store.read(one.id)
    }
    await store.delete(here.id)
    await other.delete(elsewhere.id)
    away(true)
    expect(await store.read(elsewhere.id)).toBeDefined()
    await expect(store.read(here.id)).rejects.toThrow(AnswerError)
    away(false)
    expect(await store.read(elsewhere.id)).toBeUndefined()
    away(true)
    await expect(store.read(elsewhere.id)).rejects.toThrow(AnswerError)
  })

  it('forgets all of a user’s when their logins are revoked here', async () => {
    const { store, away } = setUp('stale')
    const one = await session(store, NOW_MS)
    await store.create(one)
    await store.read(one.id)
    await store.advanceEpoch(one.userId)
    away(true)
    await expect(store.read(one.id)).rejects.toThrow(AnswerError)
  })
})

describe('failing open', () => {
  it('believes the id alone, as a user and no more, until it expires', async () => {
    const { store, away, pass } = setUp('open')
    const id = newSessionId('redis', 'user-1', NOW_MS + LIFETIME_MS)
    away(true)
    expect(await store.read(id)).toMatchObject({
      userId: 'user-1',
      role: 'user',
      loginAt: new Date(NOW_MS).toISOString(),
    })
    expect(await store.read('nonsense').catch((error: unknown) => error)).toBeInstanceOf(AnswerError)
    pass(LIFETIME_MS)
    await expect(store.read(id)).rejects.toThrow(AnswerError)
  })

  it('never keeps what it only believed: the store may be back before it is saved', async () => {
    const { store, away } = setUp('open')
    const one = await session(store, NOW_MS, { role: 'admin' })
    await store.create(one)
    away(true)
    const believed = await store.read(one.id)
    if (typeof believed !== 'object') throw new Error('it was not believed')
    away(false)
    await expect(store.update(believed)).rejects.toThrow(AnswerError)
    expect(await store.read(one.id)).toMatchObject({ role: 'admin' })
    expect(await store.update({ ...one, data: { n: 1 } })).toBe('updated')
  })

  it('asks the store as long as it answers', async () => {
    const { store } = setUp('open')
    expect(await store.read(newSessionId('redis', 'user-1', NOW_MS + 1_000))).toBeUndefined()
  })
})
