import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { measureRedisRoundTrip } from '#bench/measure/redis-round-trip.ts'
import { openRedisUsage, parseInfo } from '#bench/measure/redis-usage.ts'
import { testRedis } from '../../redis.ts'

test("a store's commands are counted without the reader's own, and its CPU grows with them", async () => {
  await using server = await testRedis()
  await using usage = await openRedisUsage(server.url)
  const client = new Redis(server.url)
  try {
    await client.ping()
    const before = await usage.read()
    await usage.read()
    for (let round = 0; round < 50; round++)
      await Promise.all(Array.from({ length: 100 }, (_, key) => client.set(`k${key}`, 'v'.repeat(100))))
    const after = await usage.read()
    expect(after.commands - before.commands).toBe(5000)
    expect(after.userUs + after.systemUs).toBeGreaterThan(before.userUs + before.systemUs)
    expect(after.atUs).toBeGreaterThan(before.atUs)
    expect(await usage.version()).toMatch(/^\d+\.\d+/)
  } finally {
    client.disconnect()
  }
})

test('the round trip to Redis is some microseconds at least, and its p99 is not below its p50', async () => {
  await using server = await testRedis()
  const { p50, p99 } = await measureRedisRoundTrip(server.url, 100)
  expect(p50).toBeGreaterThan(0.005)
  expect(p99).toBeGreaterThanOrEqual(p50)
})

test('where there is no Redis, both say so', async () => {
  await expect(openRedisUsage('redis://127.0.0.1:1')).rejects.toThrow()
  await expect(measureRedisRoundTrip('redis://127.0.0.1:1')).rejects.toThrow()
})

test('an INFO answer is its fields', () => {
  expect(parseInfo('# CPU\r\nused_cpu_sys:1.5\r\nx:a:b\r\n\r\n')).toEqual(
    new Map([
      ['used_cpu_sys', '1.5'],
      ['x', 'a:b'],
    ]),
  )
})
