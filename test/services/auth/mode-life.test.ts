import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModeName } from '#contract/modes.ts'
import { MODES, usesCookies } from '#contract/modes.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { OUR_MODES } from './our-modes.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const REVOCATION: Record<ModeName, string> = {
  local: 'by-chance',
  sticky: 'at-once',
  redis: 'at-once',
  cookie: 'at-expiry;s=300',
  jwt: 'at-expiry;s=300',
  'jwt-denylist': 'at-once',
  'redis-cached': 'within;ms=1000',
  replicated: 'within;ms=1000',
  'redis-stock': 'by-chance',
  'jwt-pushed': 'within;ms=1000',
  'jwt-hybrid': 'at-expiry;s=300',
}

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

describe.each(OUR_MODES)('the life of a login in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({ STILLIN_MODE: mode, STILLIN_REDIS_URL: redis.url, STILLIN_GENERATION: '7' })
  })
  afterAll(() => node[Symbol.asyncDispose]())
  const survivesLogout = MODES[mode].revokes.one === 'at-expiry'

  test('logs in, is recognised, and every answer says who gave it and how', async () => {
    const client = new Client(node.url)
    const login = await client.login('user-2')
    expect(login.status).toBe(200)
    expect(login.body).toMatchObject({ mode, user: { id: 'user-2', role: 'user' } })
    expect(login.body?.['accessToken'] !== undefined).toBe(!usesCookies(MODES[mode]))
    const me = await client.me()
    expect(me.status).toBe(200)
    expect(me.body).toEqual({
      id: 'user-2',
      role: 'user',
      loginAt: login.body?.['loginAt'],
      mode,
      node: 'node-1',
    })
    for (const answer of [login, me]) {
      expect(answer.headers.get('x-served-by')).toBe('node-1')
      expect(answer.headers.get('x-stillin-mode')).toBe(`${mode}@7`)
      expect(answer.headers.get('x-revocation')).toBe(REVOCATION[mode])
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    expect(me.headers.getSetCookie()).toEqual([])
  })

  test('the first user is the administrator', async () => {
    const client = new Client(node.url)
    expect((await client.login('user-1')).body).toMatchObject({ user: { id: 'user-1', role: 'admin' } })
  })

  test('keeps data with the login', async () => {
    const client = new Client(node.url)
    await client.login()
    expect((await client.send('GET', '/me/data')).body).toEqual({ data: {} })
    expect((await client.write({ cart: ['tea'], note: 'é' })).body).toMatchObject({ id: 'user-1', mode })
    expect((await client.send('GET', '/me/data')).body).toEqual({ data: { cart: ['tea'], note: 'é' } })
    expect((await client.me()).status).toBe(200)
  })

  test('logs out, and the credential is then worth what x-revocation says', async () => {
    const client = new Client(node.url)
    await client.login()
    const before = client.twin()
    const logout = await client.logout()
    expect(logout.status).toBe(204)
    const cleared = usesCookies(MODES[mode]) ? [expect.stringContaining('Max-Age=0')] : []
    expect(logout.headers.getSetCookie()).toEqual(cleared)
    expect((await before.me()).status).toBe(survivesLogout ? 200 : 401)
  })

  test('logs out everywhere', async () => {
    const [here, there, other] = [new Client(node.url), new Client(node.url), new Client(node.url)]
    await here.login('user-3')
    await there.login('user-3')
    await other.login('user-4')
    const there2 = there.twin()
    expect((await here.logout('/logout/all')).status).toBe(204)
    const me = await there2.me()
    expect(me.status).toBe(survivesLogout ? 200 : 401)
    if (!survivesLogout) expect(me.body).toMatchObject({ error: 'unauthorized', reason: 'revoked' })
    expect((await other.me()).status).toBe(200)
    const again = new Client(node.url)
    await again.login('user-3')
    expect((await again.me()).status).toBe(200)
  })

  test('a login takes the place of the one that the request carried', async () => {
    const client = new Client(node.url)
    await client.login()
    const old = client.twin()
    expect((await client.login('user-2', undefined, { 'x-csrf': '1' })).status).toBe(200)
    expect(client.headers).not.toEqual(old.headers)
    expect((await old.me()).status).toBe(survivesLogout ? 200 : 401)
    expect((await client.me()).body).toMatchObject({ id: 'user-2' })
  })

  test('refuses nobody in particular for the right reason', async () => {
    const client = new Client(node.url)
    for (const [method, path] of [
      ['GET', '/me'],
      ['GET', '/me/data'],
      ['POST', '/logout'],
      ['POST', '/logout/all'],
    ] as const) {
      const answer = await client.send(method, path, undefined, { 'x-csrf': '1' })
      expect([path, answer.status, answer.body]).toEqual([
        path,
        401,
        { error: 'unauthorized', reason: 'absent' },
      ])
    }
    expect((await client.write({})).status).toBe(401)
    expect(client.headers).toEqual({})
  })

  test('answers the baseline in the shape of /me, without a look at the credential', async () => {
    const client = new Client(node.url)
    client.headers = { cookie: 'stillin_session=nonsense', authorization: 'Bearer nonsense' }
    const answer = await client.send('GET', '/baseline')
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ id: 'baseline', mode, node: 'node-1' })
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  test('forgets a login at the end of its lifetime, whatever happened to it before', async () => {
    await using own = await testNode({
      STILLIN_MODE: mode,
      STILLIN_REDIS_URL: redis.url,
      STILLIN_LIFETIME_S: '60',
    })
    const client = new Client(own.url)
    await client.login()
    own.advance(40_000)
    expect((await client.write({ kept: true })).status).toBe(200)
    own.advance(15_000)
    expect((await client.me()).status).toBe(200)
    own.advance(5_000)
    expect(await client.me()).toMatchObject({ status: 401, body: { reason: 'expired' } })
  })
})
