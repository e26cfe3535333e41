import { expect } from 'vitest'
import { newSessionId } from '#services/auth/sessions/session-id.ts'
import type { Session, SessionStore } from '#services/auth/sessions/session-store.ts'
import { session } from './fresh-session.ts'

/** Makes one session by itself and three alike, and shows that nobody can tell which is which. */
export async function showAlike(store: SessionStore): Promise<{ one: Session; alike: Session[] }> {
  const one = await session(store, Date.now(), { data: { cart: ['tea'] } })
  const { id: _, ...rest } = one
  const ids = [1, 2, 3].map(() => newSessionId('redis', one.userId, one.deadlineMs))
  const alike = ids.map((id) => ({ id, ...rest }))
  await store.create(one)
  await store.createAlike?.(rest, ids)
  for (const kept of [one, ...alike]) expect(await store.read(kept.id)).toEqual(kept)
  expect(await store.listing?.list(one.userId)).toHaveLength(4)
  return { one, alike }
}

/** They end like others: one by itself, the rest with their user's epoch, and what had begun before it too. */
export async function showEndsAlike(store: SessionStore, alike: readonly Session[]): Promise<void> {
  const [first, second] = alike
  if (!first || !second) throw new Error('there are none')
  await store.delete(first.id)
  expect(await store.read(first.id)).toBeUndefined()
  expect(await store.read(second.id)).toEqual(second)
  await store.advanceEpoch(second.userId)
  expect(await store.read(second.id)).toBe('revoked')
  const { id: _, ...begun } = second
  const late = newSessionId('redis', second.userId, second.deadlineMs)
  await store.createAlike?.(begun, [late])
  expect(await store.read(late)).toBe('revoked')
  expect(await store.listing?.list(second.userId)).toEqual([])
}
