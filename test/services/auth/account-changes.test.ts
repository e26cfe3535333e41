import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAB } from '#contract/lab.ts'
import { MODES } from '#contract/modes.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { OUR_MODES } from './our-modes.ts'
import { overtaken } from './overtaken.ts'
import { patientRedis } from './patient-redis.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const NEXT = 'a new and longer password'
const CSRF = { 'x-csrf': '1' }

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

describe.each(OUR_MODES)('an account that changes in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({ STILLIN_MODE: mode, ...patientRedis(redis.url) })
  })
  afterAll(() => node[Symbol.asyncDispose]())
  const { user: revokes } = MODES[mode].revokes
  /** What an old credential is worth at this node, which holds the user's logins itself where a node does. */
  const old = revokes === 'at-expiry' ? 200 : 401

  async function loggedIn(user: string): Promise<Client> {
    const client = new Client(node.url)
    expect((await client.login(user)).status).toBe(200)
    return client
  }
  const change = (client: Client, current: string, next = NEXT) =>
    client.send('POST', '/password', { current, next }, CSRF)
  const ban = (user: string, banned = true) => node.admin('POST', `/users/${user}/ban`, { banned })
  const setRole = (user: string, role: string) => node.admin('POST', `/users/${user}/role`, { role })

  test('gets a new password: other logins end where they can, the one that asked goes on anew', async () => {
    const [here, there] = [await loggedIn('user-2'), await loggedIn('user-2')]
    const before = here.twin()
    const changed = await change(here, LAB.password)
    expect(changed).toMatchObject({ status: 200, body: { id: 'user-2', mode, revokes } })
    expect(here.headers).not.toEqual(before.headers)
    expect((await here.me()).status).toBe(200)
    expect([(await before.me()).status, (await there.me()).status]).toEqual([old, old])
    expect((await new Client(node.url).login('user-2')).status).toBe(401)
    expect((await new Client(node.url).login('user-2', NEXT)).status).toBe(200)
  })

  test('keeps its password for whoever does not know it, carries no header, or wants a short one', async () => {
    const client = await loggedIn('user-3')
    expect(await change(client, 'wrong')).toMatchObject({ status: 401, body: { error: 'invalid_login' } })
    expect((await change(client, LAB.password, 'short')).status).toBe(400)
    const body = { current: LAB.password, next: NEXT }
    const bare = await client.send('POST', '/password', body)
    expect(bare.status).toBe(MODES[mode].credential === 'access-token' ? 200 : 403)
    expect((await new Client(node.url).send('POST', '/password', body, CSRF)).status).toBe(401)
  })

  test('is banned: no login any more, and the ones there were end where they can', async () => {
    const client = await loggedIn('user-4')
    const answer = await ban('user-4')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      user: { id: 'user-4', role: 'user', banned: true },
      mode,
      revokes,
    })
    expect((await client.me()).status).toBe(old)
    expect(await new Client(node.url).login('user-4')).toMatchObject({
      status: 403,
      body: { error: 'banned' },
    })
    // Only who knows the password is told.
    expect((await new Client(node.url).login('user-4', 'wrong')).body).toMatchObject({
      error: 'invalid_login',
    })
    expect((await ban('user-4', false)).status).toBe(200)
    expect((await new Client(node.url).login('user-4')).status).toBe(200)
  })

  test('is demoted: an administrator is none at the next login, and until then where nobody is asked', async () => {
    expect((await setRole('user-5', 'admin')).status).toBe(200)
    const client = await loggedIn('user-5')
    expect((await client.me()).body).toMatchObject({ role: 'admin' })
    expect(await (await setRole('user-5', 'user')).json()).toMatchObject({ user: { role: 'user' }, revokes })
    const me = await client.me()
    expect(me).toMatchObject(old === 200 ? { status: 200, body: { role: 'admin' } } : { status: 401 })
    const again = await loggedIn('user-5')
    expect((await again.me()).body).toMatchObject({ role: 'user' })
  })

  test('is unknown, or is asked for nonsense, and nothing happens', async () => {
    expect((await ban('nobody-at-all')).status).toBe(404)
    expect((await setRole('user-6', 'emperor')).status).toBe(400)
    expect((await node.admin('POST', '/users/user-6/ban', {})).status).toBe(400)
    expect((await fetch(`${node.adminUrl}/users/user-6/ban`, { method: 'POST' })).status).toBe(401)
  })

  test('is banned while a login’s password is being checked: the login is refused', async () => {
    const client = new Client(node.url)
    const login = await overtaken(
      node,
      'login-after-check',
      () => client.login('user-7'),
      () => ban('user-7'),
    )
    expect(login).toMatchObject({ status: 403, body: { error: 'banned' } })
    expect(client.headers).toEqual({})
  })

  test('is banned when a login has been decided: it is one of those that there were', async () => {
    const client = new Client(node.url)
    const login = await overtaken(
      node,
      'login-before-issue',
      () => client.login('user-8'),
      () => ban('user-8'),
    )
    expect(login.status).toBe(200)
    expect((await client.me()).status).toBe(old)
  })

  test('gets a new password while a login with the old one runs: the login is refused', async () => {
    const owner = await loggedIn('user-9')
    const guesser = new Client(node.url)
    const login = await overtaken(
      node,
      'login-after-check',
      () => guesser.login('user-9'),
      () => change(owner, LAB.password),
    )
    expect(login).toMatchObject({ status: 409, body: { error: 'account_changed' } })
    expect(guesser.headers).toEqual({})
    expect((await owner.me()).status).toBe(200)
  })

  test('keeps its password when the account changed while a new one was being set', async () => {
    const [first, second] = [await loggedIn('user-10'), await loggedIn('user-10')]
    const slow = await overtaken(
      node,
      'password-before-save',
      () => change(first, LAB.password),
      () => ban('user-10', true).then(() => ban('user-10', false)),
    )
    expect(slow).toMatchObject({ status: 409, body: { error: 'account_changed' } })
    expect((await new Client(node.url).login('user-10', NEXT)).status).toBe(401)
    expect((await second.me()).status).toBe(old)
  })
})
