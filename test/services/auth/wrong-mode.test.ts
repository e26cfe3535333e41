import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModeName } from '#contract/modes.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { OUR_MODES } from './our-modes.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const PAIRS = OUR_MODES.flatMap((from) =>
  OUR_MODES.filter((to) => to !== from).map((to) => [from, to] as const),
)

let redis: Awaited<ReturnType<typeof testRedis>>
let node: TestNode
let generation = 1
const holders = new Map<ModeName, Client>()

async function enter(mode: ModeName): Promise<void> {
  generation += 1
  await node.switchTo(mode, generation)
}

beforeAll(async () => {
  redis = await testRedis()
  node = await testNode({ STILLIN_REDIS_URL: redis.url })
  for (const mode of OUR_MODES) {
    await enter(mode)
    const client = new Client(node.url)
    await client.login()
    holders.set(mode, client)
  }
})
afterAll(async () => {
  await node[Symbol.asyncDispose]()
  await redis[Symbol.asyncDispose]()
})

describe('a credential of another mode', () => {
  test.each(PAIRS)('of %s is refused in %s as such, and not taken away', async (from, to) => {
    await enter(to)
    const client = holders.get(from)
    if (client === undefined) throw new Error('no login was made')
    const kept = { ...client.headers }
    const attempts = [await client.me(), await client.logout(), await client.write({ a: 1 })]
    // A body that is refused before anybody looks at the credential.
    attempts.push(await client.send('PUT', '/me/data', '{"a":', { 'x-csrf': '1' }))
    expect(attempts.map(({ status }) => status)).toEqual([401, 401, 401, 400])
    expect(attempts[0]?.body).toEqual({ error: 'unauthorized', reason: 'wrong-mode' })
    expect(attempts.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
    expect(client.headers).toEqual(kept)
  })

  test.each(OUR_MODES)('of %s is good again when its mode comes back', async (mode) => {
    await enter(mode)
    expect((await holders.get(mode)?.me())?.body).toMatchObject({ id: 'user-1', mode })
  })
})
