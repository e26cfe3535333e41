import { expect, test } from 'vitest'
import { systemClock } from '#services/auth/clock.ts'
import { GuardedRecords } from '#services/auth/records/guarded-records.ts'
import { MemcachedRecords } from '#services/auth/records/memcached-records.ts'
import { RecordStore } from '#services/auth/sessions/record-store.ts'
import { storePlace } from '../../../store-places.ts'
import { session } from '../sessions/fresh-session.ts'

/** The lab's memcached has 64 MB. */
const LARGE = { text: 'x'.repeat(800_000) }
const MORE_THAN_FITS = 90

test('a full memcached logs out who was there first, says so to nobody, and brings nobody back', async (context) => {
  const place = await storePlace('memcached')
  if (typeof place === 'string') return context.skip(place)
  await using server = place
  const clock = systemClock()
  const backend = new MemcachedRecords(server.store.url, { timeoutMs: 5_000 })
  const records = new GuardedRecords(backend, { timeoutMs: 5_000, countCommands: () => undefined })
  const store = new RecordStore(records, clock, 60_000)
  try {
    const first = await session(store, clock.now(), { data: LARGE })
    await store.create(first)
    expect(await store.read(first.id)).toEqual(first)
    for (let count = 0; count < MORE_THAN_FITS; count += 1)
      await backend.swap(`user.filler-${count}`, undefined, LARGE.text, 0)
    expect(await store.read(first.id)).toBeUndefined()
    expect(await store.update(first)).toBe('gone')
    // The epoch was lost with the session: a new one is above it, and a login that had begun before is void.
    expect(await store.epochOf(first.userId)).toBeGreaterThan(first.epoch)
    await store.create(first)
    expect(await store.read(first.id)).toBe('revoked')
  } finally {
    await store.close()
  }
})
