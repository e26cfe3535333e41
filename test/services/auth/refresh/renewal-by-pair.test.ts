import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAB } from '#contract/lab.ts'
import { MODE_NAMES, MODES, usesCookies } from '#contract/modes.ts'
import type { SeedAnswer } from '#contract/node-admin.ts'
import { testRedis } from '../../../redis.ts'
import { Client } from '../client.ts'
import { overtaken } from '../overtaken.ts'
import { type TestNode, testNode } from '../test-node.ts'
import { loggedIn, pairNode } from './pair-node.ts'

const CSRF = { 'x-csrf': '1' }
const HOMES = ['stateless', 'store'] as const
const ACCESS_MS = 300_000

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

/** The same refresh token, without the credential that came with it. */
function refreshOnly(client: Client): Client {
  const twin = client.twin()
  const pair = (client.headers['cookie'] ?? '')
    .split('; ')
    .find((part) => part.startsWith('stillin_refresh='))
  twin.headers = pair === undefined ? {} : { cookie: pair }
  return twin
}

describe.each(MODE_NAMES.flatMap((mode) => HOMES.map((home) => [mode, home] as const)))(
  'a login renewed by pair in %s, refresh token in %s',
  (mode, home) => {
    let node: TestNode
    beforeAll(async () => {
      node = await pairNode(redis.url, mode, home)
    })
    afterAll(() => node[Symbol.asyncDispose]())
    /** Where the mode itself keeps no epoch, a refresh token that nobody keeps outlives a logout. */
    const outlivesLogout = home === 'stateless'
    const outlivesEverywhere = home === 'stateless' && MODES[mode].epochHome === 'none'

    test('goes on under a new credential with its login time and its data', async () => {
      const client = await loggedIn(node, 'user-2')
      expect((await client.write({ cart: ['tea'] })).status).toBe(200)
      const before = client.twin()
      const { loginAt } = (await client.me()).body ?? {}
      const refreshed = await client.refresh()
      expect(refreshed).toMatchObject({ status: 200, body: { id: 'user-2', mode, loginAt } })
      expect(client.headers).not.toEqual(before.headers)
      expect((await client.me()).body).toMatchObject({ id: 'user-2', loginAt })
      expect((await client.send('GET', '/me/data')).body).toEqual({ data: { cart: ['tea'] } })
      const cookies = refreshed.headers.getSetCookie()
      expect(cookies).toHaveLength(usesCookies(MODES[mode]) ? 2 : 0)
      for (const line of cookies) expect(line).toMatch(/Path=\/; HttpOnly; SameSite=Lax$/)
    })

    test('is refused without the header, without a token, with a forged one or another mode’s', async () => {
      const client = await loggedIn(node, 'user-2')
      const bare = refreshOnly(client)
      const body = bare.refreshToken === undefined ? undefined : { refreshToken: bare.refreshToken }
      expect((await bare.twin().send('POST', '/refresh', body)).status).toBe(
        usesCookies(MODES[mode]) ? 403 : 200,
      )
      expect(await new Client(node.url).refresh()).toMatchObject({ status: 401, body: { reason: 'absent' } })
      for (const [text, reason] of [
        ['nonsense', 'malformed'],
        [`refresh-${mode}.e30.AAAA`, 'signature'],
        [`refresh-${mode === 'jwt' ? 'redis' : 'jwt'}.e30.AAAA`, 'wrong-mode'],
      ]) {
        const forger = new Client(node.url)
        if (usesCookies(MODES[mode])) forger.headers['cookie'] = `stillin_refresh=${text}`
        else forger.refreshToken = text
        expect(await forger.refresh()).toMatchObject({ status: 401, body: { reason } })
      }
    })

    test('ends with a logout where somebody remembers it', async () => {
      const client = await loggedIn(node, 'user-3')
      const stolen = refreshOnly(client)
      const declared = (await client.me()).headers.get('x-revocation')
      if (outlivesLogout) expect(declared).toBe('at-expiry;s=3600')
      const body = client.refreshToken === undefined ? undefined : { refreshToken: client.refreshToken }
      expect((await client.send('POST', '/logout', body, CSRF)).status).toBe(204)
      expect((await stolen.refresh()).status).toBe(outlivesLogout ? 200 : 401)
    })

    test('ends with a logout everywhere where somebody keeps an epoch', async () => {
      const [here, there] = [await loggedIn(node, 'user-4'), await loggedIn(node, 'user-4')]
      const stolen = refreshOnly(there)
      expect((await here.logout('/logout/all')).status).toBe(204)
      expect((await stolen.refresh()).status).toBe(outlivesEverywhere ? 200 : 401)
    })

    test('ends with a ban, also one that comes while it is refreshed', async () => {
      const client = await loggedIn(node, 'user-5')
      const overtakenRefresh = await overtaken(
        node,
        'refresh-after-look',
        () => refreshOnly(client).refresh(),
        () => node.admin('POST', '/users/user-5/ban', { banned: true }),
      )
      expect(overtakenRefresh).toMatchObject({ status: 403, body: { error: 'banned' } })
      expect((await refreshOnly(client).refresh()).status).not.toBe(200)
      await node.admin('POST', '/users/user-5/ban', { banned: false })
      expect(await refreshOnly(client).refresh()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    })

    test('ends with a new password, but for the login that set it', async () => {
      const [here, there] = [await loggedIn(node, 'user-6'), await loggedIn(node, 'user-6')]
      const passwords = { current: LAB.password, next: 'a new and longer password' }
      expect((await here.send('POST', '/password', passwords, CSRF)).status).toBe(200)
      expect((await refreshOnly(there).refresh()).status).toBe(401)
      expect((await here.refresh()).status).toBe(200)
    })

    test('brings a changed role up to date by a new login', async () => {
      const client = await loggedIn(node, 'user-7')
      await node.admin('POST', '/users/user-7/role', { role: 'admin' })
      expect((await refreshOnly(client).refresh()).status).toBe(401)
      expect((await (await loggedIn(node, 'user-7')).me()).body).toMatchObject({ role: 'admin' })
    })
  },
)

describe.each(['local', 'redis', 'jwt'] as const)('refresh tokens used once, in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await pairNode(redis.url, mode, 'store', { STILLIN_REFRESH_S: '1000' })
  })
  afterAll(() => node[Symbol.asyncDispose]())
  const tokenOf = (client: Client) =>
    client.refreshToken ?? /stillin_refresh=([^;]*)/.exec(client.headers['cookie'] ?? '')?.[1]

  test('give one successor to two at once, the second overtaking the first', async () => {
    const client = await loggedIn(node, 'user-2')
    const [first, second] = [refreshOnly(client), refreshOnly(client)]
    await node.admin('PUT', '/gates/refresh-after-look', { held: true })
    const held = first.refresh()
    await node.admin('GET', '/gates/refresh-after-look')
    const other = second.refresh()
    await node.admin('PUT', '/gates/refresh-after-look', { held: false })
    expect([(await held).status, (await other).status]).toEqual([200, 200])
    expect(tokenOf(first)).toBe(tokenOf(second))
    expect(tokenOf(first)).not.toBe(tokenOf(client))
    expect((await first.refresh()).status).toBe(200)
  })

  test('hand out nothing when the login ends while a refresh has made its new credential', async () => {
    const client = await loggedIn(node, 'user-8')
    const [late, thief] = [refreshOnly(client), refreshOnly(client)]
    const body = client.refreshToken === undefined ? undefined : { refreshToken: client.refreshToken }
    const refused = await overtaken(
      node,
      'refresh-before-redeem',
      () => late.refresh(),
      () => client.send('POST', '/logout', body, CSRF),
    )
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([401, []])
    expect((await thief.refresh()).status).toBe(401)
    if (mode === 'jwt') return
    const again = await loggedIn(node, 'user-8')
    expect((await again.send('GET', '/sessions')).body?.['sessions']).toHaveLength(1)
  })

  test('give one successor to fifty at once', async () => {
    const client = await loggedIn(node, 'user-3')
    const clients = Array.from({ length: 50 }, () => refreshOnly(client))
    const statuses = await Promise.all(clients.map(async (each) => (await each.refresh()).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(new Set(clients.map(tokenOf)).size).toBe(1)
  })

  test('survive an answer that was lost, within the grace', async () => {
    const client = await loggedIn(node, 'user-4')
    const lost = refreshOnly(client)
    await lost.refresh()
    node.advance(9_000)
    const again = refreshOnly(client)
    expect((await again.refresh()).status).toBe(200)
    expect(tokenOf(again)).toBe(tokenOf(lost))
    expect((await again.refresh()).status).toBe(200)
  })

  test('kill the family when one comes again after the grace', async () => {
    const client = await loggedIn(node, 'user-5')
    const thief = refreshOnly(client)
    expect((await client.refresh()).status).toBe(200)
    node.advance(11_000)
    expect(await thief.refresh()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    expect(await refreshOnly(client).refresh()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    expect((await loggedIn(node, 'user-5')).headers).not.toEqual({})
  })

  test('outlive the credential, and end at the absolute end', async () => {
    const client = await loggedIn(node, 'user-6')
    for (let passed = ACCESS_MS; passed < 1_000_000; passed += ACCESS_MS) {
      node.advance(ACCESS_MS)
      expect((await client.me()).status).toBe(401)
      expect((await client.refresh()).status).toBe(200)
      expect((await client.me()).status).toBe(200)
    }
    node.advance(100_000)
    expect(await client.me()).toMatchObject({ status: 401 })
    expect(await refreshOnly(client).refresh()).toMatchObject({ status: 401, body: { reason: 'expired' } })
  })
})

test.each(['local', 'redis', 'jwt'] as const)(
  'in %s a strict node ends the login when two tabs come with one refresh token, within the grace of others',
  async (mode) => {
    await using node = await pairNode(redis.url, mode, 'store', { STILLIN_REFRESH_STRICT: '1' })
    const client = await loggedIn(node, 'user-2')
    const [first, second] = [refreshOnly(client), refreshOnly(client)]
    expect((await first.refresh()).status).toBe(200)
    expect(await second.refresh()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    expect(await refreshOnly(first).refresh()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
  },
)

test('a login made for load has a refresh token as any other, which ends with a lifetime of its own', async () => {
  for (const mode of ['redis', 'jwt'] as const) {
    await using node = await pairNode(redis.url, mode, 'store')
    const seed = async (more: object) => {
      const answer = await node.admin('POST', '/sessions', { userIds: ['user-2'], ...more })
      const { credentials } = (await answer.json()) as SeedAnswer
      const client = new Client(node.url)
      client.headers = { ...credentials[0]?.headers }
      client.refreshToken = credentials[0]?.refreshToken
      return client
    }
    const client = await seed({})
    expect((await client.refresh()).status).toBe(200)
    expect((await client.refresh()).status).toBe(200)
    const short = await seed({ lifetimeS: 5 })
    node.advance(6_000)
    expect(await short.refresh()).toMatchObject({ status: 401, body: { reason: 'expired' } })
  }
})

test('no login is refreshed where the renewal is fixed', async () => {
  await using node = await testNode({ STILLIN_MODE: 'jwt' })
  const client = await loggedIn(node, 'user-2')
  expect(client.refreshToken).toBeUndefined()
  expect(await client.refresh()).toMatchObject({ status: 501, body: { error: 'not_in_this_mode' } })
})

test('a node without Redis refuses to keep refresh tokens for a mode whose logins are not in its memory', async () => {
  await expect(
    testNode({ STILLIN_MODE: 'jwt', STILLIN_RENEWAL: 'pair', STILLIN_REFRESH: 'store' }),
  ).rejects.toThrow('STILLIN_REDIS_URL')
})
