import { expect, test } from 'vitest'
import { testNode } from './test-node.ts'

test('a burden slows every public answer down and is named in it, until it is taken away', async () => {
  await using node = await testNode()
  const ask = async () => {
    const startedMs = performance.now()
    const answer = await fetch(`${node.url}/baseline`)
    return { plant: answer.headers.get('x-stillin-plant'), tookMs: performance.now() - startedMs }
  }
  expect((await ask()).plant).toBeNull()

  expect((await node.admin('PUT', '/burden', { cpuUs: 0, delayMs: 60 })).status).toBe(204)
  const delayed = await ask()
  expect(delayed.plant).toBe('burden;cpuUs=0;delayMs=60')
  expect(delayed.tookMs).toBeGreaterThan(50)

  await node.admin('PUT', '/burden', { cpuUs: 40_000, delayMs: 0 })
  const before = process.threadCpuUsage()
  await ask()
  const { user, system } = process.threadCpuUsage(before)
  expect(user + system).toBeGreaterThan(20_000)

  await node.admin('PUT', '/burden', { cpuUs: 0, delayMs: 0 })
  expect((await ask()).plant).toBe('burden;cpuUs=0;delayMs=0')
})

test('a burden on checks alone spares the route without one', async () => {
  await using node = await testNode()
  const planted = async (path: string) => (await fetch(`${node.url}${path}`)).headers.get('x-stillin-plant')
  await node.admin('PUT', '/burden', { cpuUs: 1, delayMs: 0, checksOnly: true })
  expect(await planted('/baseline')).toBeNull()
  expect(await planted('/me')).toBe('burden;cpuUs=1;delayMs=0;checks')
})

test('no burden can be put on a node outside of tests', async () => {
  await using node = await testNode({ NODE_ENV: 'production' })
  expect((await node.admin('PUT', '/burden', { cpuUs: 1, delayMs: 0 })).status).toBe(404)
})
