import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERRORS } from '#services/auth/errors.ts'
import { RedisConnection } from '#services/auth/sessions/redis-connection.ts'
import { testRedis } from '../../../redis.ts'
import { redisRelay } from '../redis-relay.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

async function timed(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await expect(work).rejects.toThrow(ERRORS.storeUnavailable.message)
  return performance.now() - startedAt
}

describe('a connection that falls silent', () => {
  test('keeps nobody longer than the timeout, not even who waits behind another command', async () => {
    using link = await redisRelay(redis.url)
    const connection = new RedisConnection(link.url, 1_000, () => undefined)
    expect(await connection.connect()).toBe('up')
    link.fallSilent()
    const first = timed(connection.ask(1, (client) => client.get('a')))
    await new Promise((resolve) => setTimeout(resolve, 100))
    const second = timed(connection.ask(1, (client) => client.get('b')))
    for (const tookMs of await Promise.all([first, second])) expect(tookMs).toBeLessThan(1_700)
    connection.close()
  })

  test('is given up for a new one', async () => {
    using link = await redisRelay(redis.url)
    const connection = new RedisConnection(link.url, 100, () => undefined)
    expect(await connection.connect()).toBe('up')
    link.fallSilent()
    const giveUpAt = performance.now() + 8_000
    while ((await connection.ping()) === 'down' && performance.now() < giveUpAt)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await connection.ping()).toBe('up')
    connection.close()
  })
})

test('an open circuit closes by itself, so that nobody who comes later is refused for want of one who came before', async () => {
  using link = await redisRelay(redis.url)
  let askedAtMs = 0
  const connection = new RedisConnection(link.url, 100, () => {
    askedAtMs = performance.now()
  })
  await connection.connect()
  link.fallSilent()
  await Promise.allSettled(Array.from({ length: 6 }, () => connection.ask(1, (client) => client.get('a'))))
  // It asks four times a second while it is open, and no more when it is closed.
  await expect.poll(() => performance.now() - askedAtMs, { timeout: 10_000 }).toBeGreaterThan(700)
  const burst = Array.from({ length: 10 }, () => connection.ask(1, (client) => client.get('a')))
  const ends = await Promise.allSettled(burst)
  expect(ends.filter(({ status }) => status === 'rejected')).toEqual([])
  connection.close()
})

test('what answers and is no Redis is a store that is down, in time', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connection = new RedisConnection(
    `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    200,
    () => undefined,
  )
  expect(await connection.connect()).toBe('down')
  expect(await connection.ping()).toBe('down')
  connection.close()
  server.close()
})
