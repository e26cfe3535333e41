import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '#services/auth/clock.ts'
import { systemClock } from '#services/auth/clock.ts'
import { ERRORS } from '#services/auth/errors.ts'
import { CachedRedisStore } from '#services/auth/sessions/cached-redis-store.ts'
import { RedisConnection } from '#services/auth/sessions/redis-connection.ts'
import { RedisStore } from '#services/auth/sessions/redis-store.ts'
import { testRedis } from '../../../redis.ts'
import { session } from './fresh-session.ts'

const IDLE_MS = 30_000
const TIMEOUT_MS = 500

/** Holds the next answer of Redis back, so that a change can overtake it. */
class HeldConnection extends RedisConnection {
  #held: { arrived: () => void; release: Promise<void> } | undefined

  /** `arrived`: Redis has answered, and whoever asked does not know yet. */
  holdNext(): { arrived: Promise<void>; release: () => void } {
    const [arrived, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    this.#held = { arrived: arrived.resolve, release: released.promise }
    return { arrived: arrived.promise, release: released.resolve }
  }

  override async ask<T>(commands: number, send: (redis: Redis) => Promise<T>): Promise<T> {
    const held = this.#held
    this.#held = undefined
    const answer = await super.ask(commands, send)
    held?.arrived()
    await held?.release
    return answer
  }
}

interface Node {
  store: CachedRedisStore
  connection: HeldConnection
  clock: Clock
  commands: () => number
}

let redis: Awaited<ReturnType<typeof testRedis>>
let probe: Redis
const opened: CachedRedisStore[] = []
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())
beforeEach(() => {
  probe = new Redis(redis.url)
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  probe.disconnect()
})

async function node(boundMs = 10_000, url = redis.url): Promise<Node> {
  const clock = systemClock()
  let commands = 0
  const countCommands = (more: number) => {
    commands += more
  }
  const connection = new HeldConnection(url, TIMEOUT_MS, countCommands)
  const store = new CachedRedisStore({
    url,
    connection,
    store: new RedisStore(connection, clock, IDLE_MS),
    clock,
    idleMs: IDLE_MS,
    boundMs,
    timeoutMs: TIMEOUT_MS,
    maxSessions: 100,
    countCommands,
  })
  opened.push(store)
  await connection.connect()
  await store.connect()
  return { store, connection, clock, commands: () => commands }
}

/** A login of its own, read once, so that the node has it in its memory. */
async function known({ store, clock }: Node) {
  const kept = await session(store, clock.now(), { deadlineMs: clock.now() + 600_000 })
  await store.create(kept)
  expect(await store.read(kept.id)).toEqual(kept)
  return kept
}

async function keyOf(userId: string): Promise<string> {
  const [key = ''] = await probe.keys(`stillin:session:{${userId}}:*`)
  return key
}

describe('steady reading', () => {
  test('asks Redis for at most one lookup in twenty', async () => {
    const one = await node()
    const kept = await known(one)
    const before = one.commands()
    for (let lookup = 0; lookup < 2_000; lookup += 1) expect(await one.store.read(kept.id)).toEqual(kept)
    expect((one.commands() - before) / 2_000).toBeLessThanOrEqual(0.05)
  })

  test('keeps the session alive with one extension in a tenth of the idle time', async () => {
    const one = await node()
    const kept = await known(one)
    const key = await keyOf(kept.userId)
    const lookup = async (atMs: number) => {
      one.clock.setOffset(atMs)
      const before = one.commands()
      expect(await one.store.read(kept.id)).toEqual(kept)
      return one.commands() - before
    }
    await probe.pexpire(key, 20_000)
    await expect
      .poll(async () => {
        await lookup(0)
        return probe.pttl(key)
      })
      .toBeGreaterThan(29_000)
    // The extension itself was a change, so it is read once more.
    await expect.poll(() => lookup(0)).toBe(0)
    expect(await lookup(2_500)).toBe(0)
    expect(await lookup(3_500)).toBe(4)
  })
})

describe('a change made elsewhere', () => {
  test.each(['delete', 'advanceEpoch', 'update'] as const)('by %s is heard of', async (change) => {
    const [here, there] = [await node(), await node()]
    const kept = await known(here)
    const data = { a: 1 }
    if (change === 'delete') await there.store.delete(kept.id)
    else if (change === 'advanceEpoch') await there.store.advanceEpoch(kept.userId)
    else await there.store.update({ ...kept, data })
    const after = { delete: undefined, advanceEpoch: 'revoked', update: { ...kept, data } }[change]
    await expect.poll(() => here.store.read(kept.id)).toEqual(after)
  })

  test('of the node’s own takes hold before it is acknowledged', async () => {
    const one = await node()
    const [left, voided] = [await known(one), await known(one)]
    await one.store.delete(left.id)
    expect(await one.store.read(left.id)).toBeUndefined()
    await one.store.advanceEpoch(voided.userId)
    expect(await one.store.read(voided.id)).toBe('revoked')
  })

  test('that overtakes the answer of a lookup under way is not covered up by it', async () => {
    const [here, there] = [await node(), await node()]
    const kept = await session(there.store, Date.now())
    await there.store.create(kept)
    const marker = await known(here)
    const held = here.connection.holdNext()
    const slow = here.store.read(kept.id)
    await held.arrived
    await there.store.delete(kept.id)
    // Changes arrive in order: when that of the marker is here, so is the deletion.
    await there.store.update({ ...marker, data: { a: 1 } })
    await expect.poll(() => here.store.read(marker.id)).toMatchObject({ data: { a: 1 } })
    held.release()
    expect(await slow).toEqual(kept)
    expect(await here.store.read(kept.id)).toBeUndefined()
  })
})

describe('the channel', () => {
  test('when it is cut takes everything kept with it, and is set up again', async () => {
    const one = await node()
    const kept = await known(one)
    await probe.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    // Deleted while nobody listens: only a cache that was flushed notices.
    await probe.del(await keyOf(kept.userId))
    await expect.poll(() => one.store.read(kept.id)).toBeUndefined()
    const next = await known(one)
    await expect
      .poll(async () => {
        const before = one.commands()
        await one.store.read(next.id)
        return one.commands() - before
      })
      .toBe(0)
  })

  test('when the connection that reads is cut, does not vouch for what it had read', async () => {
    const one = await node()
    const kept = await known(one)
    await probe.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await probe.del(await keyOf(kept.userId))
    await expect.poll(() => one.store.read(kept.id).catch(() => 'unavailable')).toBeUndefined()
  })
})

describe('a Redis that is silent', () => {
  // A machine that stalls for longer than the bound has nothing to show: then once more.
  test('is vouched for until the bound, and then the lookup is refused as stale', {
    retry: 2,
  }, async (context) => {
    await using own = await testRedis()
    const { pid } = own
    if (pid === undefined) return context.skip('this Redis is somebody else’s: it cannot be stopped')
    const one = await node(1_500, own.url)
    const kept = await known(one)
    const stranger = await session(one.store, Date.now())
    process.kill(pid, 'SIGSTOP')
    const stoppedAtMs = performance.now()
    let lastAcceptMs = 0
    try {
      for (;;) {
        const askedMs = performance.now() - stoppedAtMs
        const answer = await one.store.read(kept.id).catch((error: Error) => error.message)
        if (typeof answer === 'object') lastAcceptMs = askedMs
        if (answer === ERRORS.stale.message) break
        expect(askedMs).toBeLessThan(8_000)
      }
      expect(lastAcceptMs).toBeGreaterThan(0)
      expect(lastAcceptMs).toBeLessThanOrEqual(1_500)
      await expect(one.store.create(stranger)).rejects.toThrow(ERRORS.storeUnavailable.message)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await expect.poll(() => one.store.read(kept.id).catch(() => 'stale'), { timeout: 5_000 }).toEqual(kept)
  })
})
