import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAB } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { OUR_MODES } from './our-modes.ts'
import { patientRedis } from './patient-redis.ts'
import { redisRelay } from './redis-relay.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const CSRF = { 'x-csrf': '1' }
const NEXT = 'a new and longer password'

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

async function loggedIn(node: TestNode, user = 'user-1'): Promise<Client> {
  const client = new Client(node.url)
  expect((await client.login(user)).status).toBe(200)
  return client
}

const ENDINGS = {
  'a logout everywhere': (client: Client) => client.logout('/logout/all'),
  'a new password': (client: Client) =>
    client.send('POST', '/password', { current: LAB.password, next: NEXT }, CSRF),
} as const
type Ending = keyof typeof ENDINGS

describe.each(Object.keys(ENDINGS) as Ending[])('%s', (ending) => {
  const end = ENDINGS[ending]

  test('ends the user’s logins of every mode that the node holds, where the mode can, and nobody else’s', async () => {
    await using node = await testNode(patientRedis(redis.url))
    let generation = 1
    const switchTo = async (mode: ModeName) => {
      generation += 1
      await node.switchTo(mode, generation)
    }
    const held: { mode: ModeName; own: Client; other: Client }[] = []
    for (const mode of OUR_MODES) {
      await switchTo(mode)
      held.push({ mode, own: await loggedIn(node), other: await loggedIn(node, 'user-2') })
    }
    await switchTo('cookie')
    expect((await end(await loggedIn(node))).status).toBeLessThan(300)
    for (const { mode, own, other } of held) {
      await switchTo(mode)
      const status = MODES[mode].revokes.user === 'at-expiry' ? 200 : 401
      expect([mode, (await own.me()).status, (await other.me()).status]).toEqual([mode, status, 200])
    }
  })

  test('ends the refresh tokens of other modes too, where the credential itself cannot be ended', async () => {
    await using node = await testNode({
      STILLIN_MODE: 'jwt',
      STILLIN_RENEWAL: 'pair',
      ...patientRedis(redis.url),
    })
    const [before, other] = [await loggedIn(node), await loggedIn(node, 'user-2')]
    await node.switchTo('local', 2)
    expect((await end(await loggedIn(node))).status).toBeLessThan(300)
    await node.switchTo('jwt', 3)
    expect([(await before.refresh()).status, (await other.refresh()).status]).toEqual([401, 200])
  })

  test('neither fails nor waits for a store that the mode in use does not need, and is owed to it', async () => {
    using link = await redisRelay(redis.url)
    await using node = await testNode({ STILLIN_MODE: 'redis', STILLIN_REDIS_URL: link.url })
    const before = await loggedIn(node)
    await node.switchTo('local', 2)
    const client = await loggedIn(node)
    link.fallSilent()
    const startedAt = performance.now()
    expect((await end(client)).status).toBeLessThan(300)
    // Half a second, a password check, and what a busy machine adds; the connection alone is given up after 1.2 s.
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    const prepare = { mode: 'redis', generation: 3, phase: 'prepare' }
    await expect
      .poll(async () => (await node.admin('PUT', '/mode', prepare)).status, { timeout: 10_000 })
      .toBe(200)
    await node.admin('PUT', '/mode', { ...prepare, phase: 'commit' })
    expect(await before.me()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
  })
})

describe('a new password', () => {
  test('leaves the login that asked, also where another mode keeps its logins in the same place', async () => {
    await using node = await testNode(patientRedis(redis.url))
    const shared: readonly ModeName[] = ['sticky', 'local', 'redis-cached', 'jwt-hybrid', 'redis']
    for (const [place, mode] of shared.entries()) await node.switchTo(mode, place + 2)
    for (const [place, mode] of (['local', 'redis', 'redis-cached'] as const).entries()) {
      await node.switchTo(mode, place + 10)
      const client = await loggedIn(node, `user-${place + 3}`)
      expect((await ENDINGS['a new password'](client)).status).toBe(200)
      expect([mode, (await client.me()).status]).toEqual([mode, 200])
    }
  })
})
