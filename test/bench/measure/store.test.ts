import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { measureStoreRoundTrip } from '#bench/measure/store-round-trip.ts'
import { openStoreUsage } from '#bench/measure/store-usage.ts'

test('the CPU of a store is that of its processes, which count no commands for us', async (context) => {
  const reader = await openStoreUsage(process.pid)
  if (reader === null) return context.skip('this system does not tell the CPU time of another process')
  const before = await reader.read()
  const until = performance.now() + 20
  while (performance.now() < until);
  const after = await reader.read()
  expect(after.userUs).toBeGreaterThan(before.userUs)
  expect(after.commands).toBeNull()
})

test('the CPU of a store whose process is not ours is not measured', async () => {
  expect(await openStoreUsage(undefined)).toBeNull()
})

test('the round trip of a store without a server is none; of a server, that of its simplest question', async () => {
  expect(await measureStoreRoundTrip({ name: 'sqlite', url: '/nowhere' })).toBeNull()
  const asked: string[] = []
  const server = createServer((socket) =>
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        asked.push(String(bytes))
        socket.write('VERSION 1\r\n')
      }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const trip = await measureStoreRoundTrip({ name: 'memcached', url: `memcached://127.0.0.1:${port}` }, 10)
  expect(trip?.p50).toBeGreaterThan(0)
  expect(trip?.p99).toBeGreaterThanOrEqual(trip?.p50 ?? Number.NaN)
  expect(new Set(asked)).toEqual(new Set(['version\r\n']))
  await new Promise((resolve) => server.close(resolve))
})
