import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MODES, usesCookies } from '#contract/modes.ts'
import { testRedis } from '../../redis.ts'
import { ageKeys } from './age-keys.ts'
import { Client } from './client.ts'
import { OUR_MODES } from './our-modes.ts'
import { patientRedis } from './patient-redis.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const CSRF = { 'x-csrf': '1' }

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

const rollingNode = (mode: string, more: Record<string, string> = {}) =>
  testNode({
    STILLIN_MODE: mode,
    ...patientRedis(redis.url),
    STILLIN_RENEWAL: 'rolling',
    STILLIN_LIFETIME_S: '60',
    STILLIN_REFRESH_S: '200',
    ...more,
  })

/** Moves the node's clock and Redis's. */
async function pass(node: TestNode, seconds: number): Promise<void> {
  node.advance(seconds * 1000)
  await ageKeys(redis.url, seconds * 1000)
}

async function loggedIn(node: TestNode, user: string): Promise<Client> {
  const client = new Client(node.url)
  expect((await client.login(user)).status).toBe(200)
  return client
}

describe.each(OUR_MODES)('a login whose renewal is rolling, in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await rollingNode(mode)
  })
  afterAll(() => node[Symbol.asyncDispose]())
  const carriesItsEnd = MODES[mode].store === 'client' || mode === 'jwt-hybrid'

  test('lasts while it is used, and ends at its absolute end however often', async () => {
    const client = await loggedIn(node, 'user-2')
    const { loginAt } = (await client.me()).body ?? {}
    for (const seconds of [50, 50, 50, 45]) {
      await pass(node, seconds)
      expect(await client.me()).toMatchObject({ status: 200, body: { id: 'user-2', loginAt } })
    }
    await pass(node, 5)
    expect(await client.me()).toMatchObject({ status: 401, body: { reason: 'expired' } })
  })

  test('ends when it is not used for its lifetime', async () => {
    const client = await loggedIn(node, 'user-3')
    await pass(node, 30)
    expect((await client.me()).status).toBe(200)
    await pass(node, 45)
    expect((await client.me()).status).toBe(200)
    await pass(node, 61)
    expect((await client.me()).status).toBe(401)
  })

  test('is renewed by a success alone, with what it kept; a refusal and a logout hand out nothing', async () => {
    const client = await loggedIn(node, 'user-4')
    const handedOut = (answer: Awaited<ReturnType<Client['me']>>) =>
      usesCookies(MODES[mode]) ? answer.headers.getSetCookie() : [answer.headers.get('x-access-token')]
    const nothing = usesCookies(MODES[mode]) ? [] : [null]
    const lookup = await client.me()
    if (!carriesItsEnd) expect(handedOut(lookup)).toEqual(nothing)
    else if (usesCookies(MODES[mode]))
      expect(handedOut(lookup)).toEqual([expect.stringContaining('Max-Age=60')])
    else expect(handedOut(lookup)).toEqual([expect.stringMatching(/^ey/)])
    expect(lookup.headers.get('cache-control')).toBe('no-store')
    expect((await client.write({ cart: ['tea'] })).status).toBe(200)
    expect((await client.me()).status).toBe(200)
    expect((await client.send('GET', '/me/data')).body).toEqual({ data: { cart: ['tea'] } })
    const refused = await new Client(node.url).me()
    expect([refused.status, handedOut(refused)]).toEqual([401, nothing])
    const logout = await client.logout()
    expect(logout.status).toBe(204)
    expect(handedOut(logout)).toEqual(
      usesCookies(MODES[mode]) ? [expect.stringContaining('Max-Age=0')] : nothing,
    )
  })

  test('goes on after a logout in whoever holds a copy, where nobody is asked, until the absolute end', async () => {
    const client = await loggedIn(node, 'user-5')
    await pass(node, 30)
    expect((await client.me()).status).toBe(200)
    const thief = client.twin()
    const logout = await client.logout()
    const isGood = MODES[mode].revokes.one === 'at-expiry'
    if (isGood) expect(logout.headers.get('x-revocation')).toBe('at-expiry;s=200')
    for (const seconds of [50, 50, 50]) {
      await pass(node, seconds)
      expect((await thief.me()).status).toBe(isGood ? 200 : 401)
    }
    await pass(node, 25)
    expect((await thief.me()).status).toBe(401)
  })
})

test.each(['jwt-denylist', 'jwt-pushed', 'jwt-hybrid'])(
  'in %s a logout with an older token ends the newer ones of the login, long after the older is over',
  async (mode) => {
    await using node = await rollingNode(mode, { STILLIN_LIFETIME_S: '400', STILLIN_REFRESH_S: '2000' })
    const older = await loggedIn(node, 'user-2')
    const newer = older.twin()
    await pass(node, 390)
    expect((await newer.me()).status).toBe(200)
    expect(newer.headers).not.toEqual(older.headers)
    expect((await older.logout()).status).toBe(204)
    await pass(node, 200)
    if (mode === 'jwt-hybrid') {
      const transfer = await newer.send('POST', '/transfer', {
        amount: 1,
        password: 'correct-horse-battery-staple',
      })
      expect(transfer).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    } else expect(await newer.me()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
  },
)

test('a new password hands out one credential, and a transfer renews', async () => {
  await using node = await rollingNode('cookie')
  const client = await loggedIn(node, 'user-6')
  const passwords = { current: 'correct-horse-battery-staple', next: 'a new and longer password' }
  const changed = await client.send('POST', '/password', passwords, CSRF)
  expect(changed.headers.getSetCookie()).toHaveLength(1)
  const transfer = await client.send('POST', '/transfer', { amount: 1, password: passwords.next }, CSRF)
  expect([transfer.status, transfer.headers.getSetCookie().length]).toEqual([200, 1])
})

test('where the renewal is fixed no answer to a lookup hands out anything', async () => {
  await using node = await testNode({ STILLIN_MODE: 'jwt' })
  const client = await loggedIn(node, 'user-2')
  expect((await client.me()).headers.get('x-access-token')).toBeNull()
})
