import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StoreServer } from '#cluster/stores/store-server.ts'
import { systemClock } from '#services/auth/clock.ts'
import { GuardedRecords } from '#services/auth/records/guarded-records.ts'
import { openRecords } from '#services/auth/records/open-records.ts'
import { MemoryFamilies } from '#services/auth/refresh/memory-families.ts'
import { RecordFamilies } from '#services/auth/refresh/record-families.ts'
import { RedisFamilies } from '#services/auth/refresh/redis-families.ts'
import type { RefreshFamilies } from '#services/auth/refresh/refresh-families.ts'
import { GRACE_MS } from '#services/auth/refresh/refresh-families.ts'
import { RedisConnection } from '#services/auth/sessions/redis-connection.ts'
import { testRedis } from '../../../redis.ts'
import { storePlace } from '../../../store-places.ts'

const clock = systemClock()
const NOW = clock.now()

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

describe.each(['memory', 'redis', 'file', 'sqlite'] as const)('refresh families in %s', (kind) => {
  let families: RefreshFamilies
  /** In the same store, without the grace. */
  let strict: RefreshFamilies
  let place: StoreServer | undefined
  let count = 0
  beforeAll(async () => {
    if (kind === 'memory') {
      families = new MemoryFamilies(clock, 1_000)
      strict = new MemoryFamilies(clock, 1_000, 0)
      return
    }
    if (kind !== 'redis') {
      place = (await storePlace(kind)) as StoreServer
      const patient = { timeoutMs: 2_000, countCommands: () => undefined }
      const records = new GuardedRecords(await openRecords(place.store, 2_000), patient)
      families = new RecordFamilies(records, clock)
      strict = new RecordFamilies(records, clock, 0)
      return
    }
    const connection = new RedisConnection(redis.url, 2_000, () => undefined)
    expect(await connection.connect()).toBe('up')
    families = new RedisFamilies(connection, clock)
    strict = new RedisFamilies(connection, clock, 0)
  })
  afterAll(async () => {
    await families.close()
    await place?.[Symbol.asyncDispose]()
  })

  async function begun(used: RefreshFamilies = families) {
    count += 1
    const userId = `family-user-${count}-${process.pid}`
    const family = `family-${count}-${process.pid}`
    const familyEpoch = await used.epochOf(userId)
    const grant = { userId, loginAtMs: NOW, deadlineMs: NOW + 60_000, version: 1, epoch: 0, familyEpoch }
    await used.create(family, grant)
    const turn = (place: number, atMs = NOW) => used.turn(userId, family, place, atMs)
    const look = (place: number, atMs = NOW) => used.look(userId, family, place, atMs)
    return { grant, turn, look, family }
  }

  test('move on one place a use, and answer what the login began with', async () => {
    const { grant, turn } = await begun()
    expect(await turn(1)).toEqual({ outcome: 'turned', grant, place: 2 })
    expect(await turn(2)).toEqual({ outcome: 'turned', grant, place: 3 })
  })

  test('stay where they are when they are looked at, for as long as anybody looks', async () => {
    const { grant, turn, look } = await begun()
    for (const atMs of [NOW, NOW + GRACE_MS, NOW + 3 * GRACE_MS])
      expect(await look(1, atMs)).toEqual({ outcome: 'turned', grant, place: 2 })
    expect(await turn(1, NOW + 3 * GRACE_MS)).toEqual({ outcome: 'turned', grant, place: 2 })
    expect(await look(1, NOW + 3 * GRACE_MS)).toEqual({ outcome: 'turned', grant, place: 2 })
    expect(await look(3)).toEqual({ outcome: 'unknown' })
    expect(await look(2, NOW + 60_000)).toEqual({ outcome: 'expired' })
  })

  test('die as well when a token that is looked at comes too late', async () => {
    const { turn, look } = await begun()
    await turn(1)
    expect(await look(1, NOW + GRACE_MS)).toEqual({ outcome: 'reused' })
    expect(await look(2)).toEqual({ outcome: 'revoked' })
    expect(await turn(2)).toEqual({ outcome: 'revoked' })
  })

  test('tell the same successor twice within the grace, and not a moment longer', async () => {
    const { turn } = await begun()
    await turn(1)
    expect(await turn(1, NOW + GRACE_MS - 1)).toMatchObject({ outcome: 'turned', place: 2 })
    expect(await turn(1, NOW + GRACE_MS)).toEqual({ outcome: 'reused' })
    expect(await turn(2, NOW + GRACE_MS)).toEqual({ outcome: 'revoked' })
  })

  test('die at once when two come with one token, where they are strict, whatever the clock says', async () => {
    const first = await begun(strict)
    expect(await first.turn(1)).toMatchObject({ outcome: 'turned', place: 2 })
    expect(await first.turn(1)).toEqual({ outcome: 'reused' })
    expect(await first.turn(2)).toEqual({ outcome: 'revoked' })
    const earlier = await begun(strict)
    await earlier.turn(1)
    expect(await earlier.turn(1, NOW - 5_000)).toEqual({ outcome: 'reused' })
  })

  test('die when a token from before the last one comes, however soon', async () => {
    const { turn } = await begun()
    await turn(1)
    await turn(2)
    expect(await turn(1)).toEqual({ outcome: 'reused' })
    for (const place of [1, 2, 3]) expect(await turn(place)).toEqual({ outcome: 'revoked' })
  })

  test('move on once when fifty come at once', async () => {
    const { turn } = await begun()
    const turns = await Promise.all(Array.from({ length: 50 }, () => turn(1)))
    expect(new Set(turns.map((result) => JSON.stringify(result))).size).toBe(1)
    expect(turns[0]).toMatchObject({ outcome: 'turned', place: 2 })
    expect(await turn(2)).toMatchObject({ outcome: 'turned', place: 3 })
  })

  test('end at their absolute end, whatever was refreshed', async () => {
    const { turn } = await begun()
    expect(await turn(1, NOW + 59_999)).toMatchObject({ outcome: 'turned' })
    expect(await turn(2, NOW + 60_000)).toEqual({ outcome: 'expired' })
  })

  test('are void with the user’s epoch, also where the login had only begun', async () => {
    const { grant, turn } = await begun()
    await families.advanceEpoch(grant.userId)
    expect(await turn(1)).toEqual({ outcome: 'revoked' })
    await families.create(`${grant.userId}-late`, grant)
    expect(await families.turn(grant.userId, `${grant.userId}-late`, 1, NOW)).toEqual({ outcome: 'revoked' })
    expect(await families.epochOf(grant.userId)).toBeGreaterThan(grant.familyEpoch)
  })

  test('are of their user alone, and unknown when they never were or have ended', async () => {
    const { grant, turn, family } = await begun()
    expect((await families.turn('somebody-else', family, 1, NOW)).outcome).toBe('unknown')
    expect(await turn(7)).toEqual({ outcome: 'unknown' })
    expect(await turn(1)).toMatchObject({ outcome: 'turned' })
    await families.end(grant.userId, family)
    expect((await turn(2)).outcome).not.toBe('turned')
  })
})

test('refresh families in memory are bounded, and make room by what has expired', async () => {
  const own = systemClock()
  const families = new MemoryFamilies(own, 1)
  const grant = {
    userId: 'u',
    loginAtMs: NOW,
    deadlineMs: own.now() + 60_000,
    version: 1,
    epoch: 0,
    familyEpoch: 0,
  }
  await families.create('first', grant)
  await expect(families.create('second', grant)).rejects.toThrow('full')
  own.setOffset(120_000)
  await families.create('second', { ...grant, deadlineMs: own.now() + 1_000 })
})
