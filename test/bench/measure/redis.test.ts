import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { measureRedisRoundTrip } from '#bench/measure/redis-round-trip.ts'
import { countRedisKeys } from '#bench/measure/redis-sessions.ts'
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

test('keys are counted by what they begin with', async () => {
  await using server = await testRedis()
  const client = new Redis(server.url)
  try {
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: 25_000 }, (_, key) => client.set(`ours:${key}`, '')))
    await client.set('theirs:ours:1', '')
    expect(await countRedisKeys(server.url, 'ours:', signal)).toBe(25_000)
    expect(await countRedisKeys(server.url, 'nobody:', signal)).toBe(0)
    await expect(countRedisKeys(server.url, 'ours:', AbortSignal.abort())).rejects.toThrow()
  } finally {
    client.disconnect()
  }
})

test('where there is no Redis, all say so', async () => {
  await expect(openRedisUsage('redis://127.0.0.1:1')).rejects.toThrow()
  await expect(measureRedisRoundTrip('redis://127.0.0.1:1')).rejects.toThrow()
  const { signal } = new AbortController()
  await expect(countRedisKeys('redis://127.0.0.1:1', '', signal)).rejects.toThrow()
})

test('an INFO answer is its fields', () => {
  expect(parseInfo('# CPU\r\nused_cpu_sys:1.5\r\nx:a:b\r\n\r\n')).toEqual(
    new Map([
      ['used_cpu_sys', '1.5'],
      ['x', 'a:b'],
    ]),
  )
})
