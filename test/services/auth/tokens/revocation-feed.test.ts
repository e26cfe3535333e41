import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '#services/auth/clock.ts'
import { KnownRevocations } from '#services/auth/tokens/known-revocations.ts'
import { epochOf, revokeLogin, revokeUser } from '#services/auth/tokens/pushed-truth.ts'
import { RevocationFeed } from '#services/auth/tokens/revocation-feed.ts'
import { testRedis } from '../../../redis.ts'

const LIFETIME_MS = 300_000
const BOUND_MS = 400
const NEWS = 'stillin:{jwt-pushed}:news'

let redis: Awaited<ReturnType<typeof testRedis>>
let writer: Redis
let feed: RevocationFeed
let known: KnownRevocations
let clock: Clock

beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())
beforeEach(async () => {
  writer = new Redis(redis.url)
  await writer.flushall()
  known = new KnownRevocations(LIFETIME_MS)
  clock = systemClock()
  feed = new RevocationFeed(known, {
    url: redis.url,
    boundMs: BOUND_MS,
    timeoutMs: 200,
    clock,
    countCommands: () => undefined,
  })
})
afterEach(async () => {
  await feed.close()
  writer.disconnect()
})

const login = (sid: string, epoch = Number.MAX_SAFE_INTEGER, sub = 'user-1') => ({
  sid,
  sub,
  epoch,
  exp: Date.now() / 1000 + 300,
})
const revoke = (sid: string, untilMs = Date.now() + LIFETIME_MS) => revokeLogin(writer, sid, untilMs, 60_000)
/** Cuts whatever connections the feed has: it finds a new one by itself. */
const cut = () => writer.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')

describe('a feed of revocations', () => {
  test('knows at its start what was revoked before it', async () => {
    const before = await epochOf(writer, 'user-2')
    await revoke('gone')
    await revokeUser(writer, 'user-2')
    expect(feed.isFresh()).toBe(false)
    await feed.start()
    expect(feed.isFresh()).toBe(true)
    expect(known.isRevoked(login('gone'))).toBe(true)
    expect(known.isRevoked(login('here'))).toBe(false)
    expect(known.isRevoked(login('any', before, 'user-2'))).toBe(true)
    expect(known.isRevoked(login('any', await epochOf(writer, 'user-2'), 'user-2'))).toBe(false)
  })

  test('brings what is revoked while it runs', async () => {
    await feed.start()
    await revoke('gone')
    await expect.poll(() => known.isRevoked(login('gone')), { interval: 5 }).toBe(true)
    expect(feed.reloads).toBe(1)
  })

  test('goes on from where it was when its connection is lost', async () => {
    await feed.start()
    await cut()
    await revoke('while-away')
    await expect.poll(() => known.isRevoked(login('while-away')), { interval: 5 }).toBe(true)
    await expect.poll(() => feed.isFresh(), { interval: 5 }).toBe(true)
    expect(feed.reloads).toBe(1)
  })

  test('takes the whole truth when what it missed is no longer kept', async () => {
    await feed.start()
    await cut()
    // What MAXLEN does after ten thousand.
    await revoke('missed')
    await writer.xtrim(NEWS, 'MAXLEN', 0)
    await expect.poll(() => known.isRevoked(login('missed')), { interval: 5 }).toBe(true)
    expect(feed.reloads).toBe(2)
    await revoke('one')
    await revoke('two')
    await expect.poll(() => known.isRevoked(login('two')), { interval: 5 }).toBe(true)
    expect(feed.reloads).toBe(2)
  })

  test('notices a gap in the middle', async () => {
    await feed.start()
    await cut()
    await revoke('a')
    await revoke('b')
    const [newest] = await writer.xrevrange(NEWS, '+', '-', 'COUNT', 1)
    await writer.xdel(NEWS, newest?.[0] ?? '')
    await revoke('c')
    for (const sid of ['a', 'b', 'c'])
      await expect.poll(() => known.isRevoked(login(sid)), { interval: 5 }).toBe(true)
    expect(feed.reloads).toBe(2)
  })

  test('voids every token when the store has lost what it knew', async () => {
    const epoch = await epochOf(writer, 'user-3')
    await feed.start()
    expect(known.isRevoked(login('x', epoch, 'user-3'))).toBe(false)
    await writer.flushall()
    await expect.poll(() => known.isRevoked(login('x', epoch, 'user-3')), { interval: 5 }).toBe(true)
    const next = await epochOf(writer, 'user-3')
    expect(next).toBeGreaterThan(epoch)
    expect(known.isRevoked(login('y', next, 'user-3'))).toBe(false)
  })

  test('has forgotten nothing when a clock that was fast is right again, and vouches for nothing until it knows', async () => {
    await revoke('gone')
    await feed.start()
    clock.setOffset(2 * LIFETIME_MS)
    // It needs not know any more what is over by its clock.
    await expect.poll(() => known.isRevoked(login('gone')), { interval: 5 }).toBe(false)
    expect(feed.isFresh()).toBe(true)
    clock.setOffset(0)
    expect(feed.isFresh()).toBe(false)
    await expect.poll(() => feed.isFresh(), { interval: 5, timeout: 5_000 }).toBe(true)
    expect(known.isRevoked(login('gone'))).toBe(true)
    expect(feed.reloads).toBe(2)
  })

  test('vouches for nothing while Redis is silent, and again when it speaks', async () => {
    const { pid } = redis
    if (pid === undefined) throw new Error('this Redis is somebody else’s: it cannot be stopped')
    await feed.start()
    process.kill(pid, 'SIGSTOP')
    try {
      await expect.poll(() => feed.isFresh(), { timeout: 3_000, interval: 5 }).toBe(false)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await expect.poll(() => feed.isFresh(), { timeout: 5_000 }).toBe(true)
  })

  test('is fresh for no longer than its bound', async () => {
    await feed.start()
    const now = performance.now()
    expect(feed.isFresh(now + BOUND_MS * 2)).toBe(false)
  })

  test('starts without Redis, unfresh, and is there when Redis comes', async () => {
    const absent = new RevocationFeed(known, {
      url: 'redis://127.0.0.1:1',
      boundMs: BOUND_MS,
      timeoutMs: 200,
      clock: systemClock(),
      countCommands: () => undefined,
    })
    await absent.start()
    expect(absent.isFresh()).toBe(false)
    await absent.close()
  })
})

describe('epochs in the truth', () => {
  test('only grow, and are not below the clock of the store', async () => {
    const first = await epochOf(writer, 'user-4')
    const [second, third] = [await revokeUser(writer, 'user-4'), await revokeUser(writer, 'user-4')]
    expect(second).toBeGreaterThan(first)
    expect(third).toBeGreaterThan(second)
    expect(third).toBeGreaterThan(Date.now() - 60_000)
    expect(await epochOf(writer, 'user-5')).toBe(first)
  })
})

describe('what a node remembers', () => {
  test('is bounded by expiry', () => {
    const memory = new KnownRevocations(LIFETIME_MS)
    const nowMs = 1_800_000_000_000
    memory.replace({ base: 1, sequence: 1, revoked: [['old', nowMs]], epochs: [['user-1', nowMs]] }, nowMs)
    memory.add({ sequence: 2, kind: 'login', sid: 'new', untilMs: nowMs + LIFETIME_MS })
    memory.add({ sequence: 3, kind: 'user', userId: 'user-2', epoch: nowMs + LIFETIME_MS })
    memory.prune(nowMs)
    expect(memory.size).toBe(4)
    memory.prune(nowMs + 70_000)
    expect(memory.size).toBe(3)
    memory.prune(nowMs + LIFETIME_MS + 70_000)
    expect(memory.size).toBe(1)
    expect(memory.remembersAt(nowMs + LIFETIME_MS + 10_000)).toBe(true)
    expect(memory.remembersAt(nowMs + LIFETIME_MS)).toBe(false)
    memory.prune(nowMs + 2 * LIFETIME_MS + 70_000)
    expect(memory.size).toBe(0)
  })

  test('never goes back to an older epoch', () => {
    const memory = new KnownRevocations(LIFETIME_MS)
    memory.addUser('user-1', 20)
    memory.addUser('user-1', 10)
    expect(memory.isRevoked(login('x', 15))).toBe(true)
  })
})
