import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client } from '../auth/client.ts'
import { SHOP_SECRET, type ShopLab, shopLab } from './running-shop.ts'

const CSRF = { 'x-csrf': '1' }

describe('the shop, where cookies carry logins', () => {
  let lab: ShopLab
  beforeAll(async () => {
    lab = await shopLab({ STILLIN_MODE: 'local' })
  })
  afterAll(() => lab[Symbol.asyncDispose]())

  async function loggedIn(user = 'user-1') {
    const client = new Client(lab.node.url)
    expect((await client.login(user)).status).toBe(200)
    return client
  }
  const askForCode = (client: Client, origin = lab.shopUrl) =>
    client.send('POST', '/sso/codes', { origin }, CSRF)
  async function codeOf(client: Client): Promise<string> {
    const { status, body } = await askForCode(client)
    expect([status, body?.['expiresInS']]).toEqual([201, 60])
    return String(body?.['code'])
  }
  const redeem = (code: string, secret = SHOP_SECRET) =>
    new Client(lab.node.url).send('POST', '/sso/redeem', { code }, { authorization: `Bearer ${secret}` })
  const askWith = (grant: string, secret = SHOP_SECRET) =>
    new Client(lab.node.url).send('GET', '/sso/me', undefined, {
      authorization: `Bearer ${secret}`,
      'x-sso-grant': grant,
    })

  test('answers what no request can be read from in the shape of every error', async () => {
    const address = await fetch(`${lab.shopUrl}/%zz`)
    expect([address.status, await address.json()]).toMatchObject([400, { error: 'invalid_request' }])
    const head = await fetch(`${lab.shopUrl}/me`, { headers: { x: 'a'.repeat(40_000) } })
    expect([head.status, await head.json()]).toEqual([
      431,
      {
        error: 'header_too_large',
        message: 'The address and headers are larger than this server accepts.',
      },
    ])
  })

  test('lets a user in by a code, asks on every request, and refuses once the login is over', async () => {
    const user = await loggedIn('user-2')
    const visitor = new Client(lab.shopUrl)
    expect((await visitor.send('POST', '/session', { code: await codeOf(user) })).status).toBe(204)
    expect(visitor.headers['cookie']).toMatch(/^stillin_shop=[\w-]{43}$/)
    const me = await visitor.me()
    expect(me).toMatchObject({ status: 200, body: { id: 'user-2', check: 'asked' } })
    expect(me.headers.get('x-stillin-check')).toBe('asked')
    expect(me.headers.get('cache-control')).toBe('no-store')
    await user.logout()
    expect(await visitor.me()).toMatchObject({ status: 401, body: { error: 'unauthorized' } })
  })

  test('knows nobody without its own cookie: that of the auth service means nothing here', async () => {
    const user = await loggedIn()
    const visitor = new Client(lab.shopUrl)
    visitor.headers = { ...user.headers }
    expect(await visitor.me()).toMatchObject({ status: 401, body: { reason: 'absent' } })
    visitor.headers = { cookie: 'stillin_shop=invented' }
    expect(await visitor.me()).toMatchObject({ status: 401, body: { reason: 'unknown' } })
  })

  test('forgets a login when told to, here and nowhere else', async () => {
    const user = await loggedIn()
    const visitor = new Client(lab.shopUrl)
    await visitor.send('POST', '/session', { code: await codeOf(user) })
    const kept = visitor.twin()
    expect((await visitor.send('DELETE', '/session')).status).toBe(403)
    expect((await visitor.send('DELETE', '/session', undefined, CSRF)).status).toBe(204)
    expect((await kept.me()).status).toBe(401)
    expect((await user.me()).status).toBe(200)
  })

  test('a code is good once, of ten at a time', async () => {
    const code = await codeOf(await loggedIn('user-3'))
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await redeem(code)).status))
    expect(statuses.sort()).toEqual([200, ...Array(9).fill(403)])
  })

  test('a code is for one origin, for a minute, and for who holds the secret', async () => {
    const user = await loggedIn('user-4')
    expect(await askForCode(user, 'https://evil.example')).toMatchObject({
      status: 400,
      body: { field: 'origin' },
    })
    const code = await codeOf(user)
    expect(await redeem(code, 'another-secret-0123456789')).toMatchObject({
      status: 403,
      body: { error: 'service_unauthorized' },
    })
    lab.node.advance(60_000)
    expect(await redeem(code)).toMatchObject({ status: 403, body: { error: 'code_refused' } })
  })

  test('five codes of a user are good at a time; links that anybody asks for take none of their room', async () => {
    const user = await loggedIn('user-6')
    for (let asked = 0; asked < 6; asked += 1)
      expect((await new Client(lab.node.url).send('POST', '/links', { username: 'user-6' })).status).toBe(202)
    for (let asked = 0; asked < 5; asked += 1) await codeOf(user)
    const sixth = await askForCode(user)
    expect(sixth).toMatchObject({ status: 429, body: { error: 'too_many_attempts' } })
    expect(sixth.headers.get('retry-after')).toBe('60')
    lab.node.advance(60_000)
    expect(await redeem(await codeOf(user))).toMatchObject({ status: 200 })
  })

  test('a code wants a login and the header of a state change', async () => {
    const user = await loggedIn()
    expect((await user.send('POST', '/sso/codes', { origin: lab.shopUrl })).status).toBe(403)
    expect((await askForCode(new Client(lab.node.url))).status).toBe(401)
  })

  test('a grant is good for asking alone: it is no code, no cookie, and none for anybody else', async () => {
    const user = await loggedIn('user-5')
    const code = await codeOf(user)
    const grant = String((await redeem(code)).body?.['grant'])
    expect((await askWith(grant)).body).toMatchObject({ id: 'user-5' })
    expect((await askWith(grant, 'another-secret-0123456789')).status).toBe(403)
    expect((await redeem(grant)).status).toBe(403)
    expect((await askWith(code)).status).toBe(401)
    expect((await askWith(`${grant.slice(0, -2)}AA`)).body).toMatchObject({ reason: 'malformed' })
    const [, cookie = ''] = /=(.+)$/.exec(user.headers['cookie'] ?? '') ?? []
    const sealed = Buffer.from(grant, 'base64url').toString('latin1')
    expect(sealed.includes(decodeURIComponent(cookie).slice(0, 20))).toBe(false)
    const thief = new Client(lab.node.url)
    thief.headers = { cookie: `stillin_session=${grant}` }
    expect((await thief.me()).status).toBe(401)
  })

  test('takes no form: nobody is logged in at the shop as somebody else', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await new Client(lab.shopUrl).send('POST', '/session', 'code=x', form)).status).toBe(415)
    expect((await new Client(lab.shopUrl).send('POST', '/session', { code: 'x' })).status).toBe(403)
  })
})

describe('the shop, where tokens carry logins', () => {
  test('checks them itself, and goes on when the auth service is gone', async () => {
    await using lab = await shopLab({ STILLIN_MODE: 'jwt' })
    const user = new Client(lab.node.url)
    await user.login()
    const code = await user.send('POST', '/sso/codes', { origin: lab.shopUrl })
    expect(code).toMatchObject({ status: 501, body: { error: 'not_in_this_mode' } })
    const visitor = new Client(lab.shopUrl)
    visitor.headers = { ...user.headers }
    expect((await visitor.me()).body).toMatchObject({ id: 'user-1', check: 'offline' })
    await lab.loseAuth()
    expect((await visitor.me()).body).toMatchObject({ id: 'user-1', check: 'offline' })
    const [header, payload, signature] = (visitor.headers['authorization'] ?? '').split('.')
    for (const [token, reason] of [
      [`${header}.${payload}.${signature}=`, 'malformed'],
      [`${header}.${payload}`, 'malformed'],
      [`${header}.${payload}.${'A'.repeat(86)}`, 'signature'],
    ] as const) {
      visitor.headers = { authorization: token }
      expect(await visitor.me()).toMatchObject({ status: 401, body: { reason } })
    }
  })

  test('asks where there is only a shared secret, and lets nobody in while it cannot', async () => {
    await using lab = await shopLab({ STILLIN_MODE: 'jwt' }, 'HS256')
    const user = new Client(lab.node.url)
    await user.login()
    const visitor = new Client(lab.shopUrl)
    visitor.headers = { ...user.headers }
    expect((await visitor.me()).body).toMatchObject({ id: 'user-1', check: 'asked' })
    visitor.headers = { authorization: `${user.headers['authorization']?.slice(0, -4)}AAAA` }
    expect((await visitor.me()).status).toBe(401)
    visitor.headers = { ...user.headers }
    await lab.loseAuth()
    const answer = await visitor.me()
    expect(answer).toMatchObject({ status: 503, body: { reason: 'auth_unavailable' } })
    expect(answer.headers.get('retry-after')).toBe('2')
  })
})
