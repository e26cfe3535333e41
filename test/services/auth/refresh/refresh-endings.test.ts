import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MODES, usesCookies } from '#contract/modes.ts'
import type { InboxAnswer } from '#contract/node-admin.ts'
import { testRedis } from '../../../redis.ts'
import type { Client } from '../client.ts'
import type { TestNode } from '../test-node.ts'
import { loggedIn, pairNode } from './pair-node.ts'

const CSRF = { 'x-csrf': '1' }

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

/** What a browser has left when the session's cookie has run out, or an app that forgot its access token. */
function withoutCredential(client: Client): Client {
  const twin = client.twin()
  const pair = client.headers['cookie']?.split('; ').find((each) => each.startsWith('stillin_refresh='))
  twin.headers = pair === undefined ? {} : { cookie: pair }
  return twin
}

function logout(client: Client, headers: Record<string, string> = CSRF) {
  const body = client.refreshToken === undefined ? undefined : { refreshToken: client.refreshToken }
  return client.send('POST', '/logout', body, headers)
}

describe.each(['local', 'redis', 'cookie', 'jwt', 'jwt-hybrid'] as const)(
  'a logout in %s whose credential is over',
  (mode) => {
    test.each(['store', 'stateless'] as const)(
      'is refused, and ends the refresh token where anybody remembers it: in %s',
      async (home) => {
        await using node = await pairNode(redis.url, mode, home)
        const outlives = home === 'stateless'
        for (const forgets of [true, false]) {
          const client = await loggedIn(node, 'user-2')
          node.advance(301_000)
          const late = forgets ? withoutCredential(client) : client.twin()
          const copy = withoutCredential(client)
          const answer = await logout(late)
          expect(answer).toMatchObject({ status: 401, body: { reason: forgets ? 'absent' : 'expired' } })
          if (usesCookies(MODES[mode]))
            expect(answer.headers.getSetCookie().join()).toMatch(
              /stillin_refresh=;.*Expires=Thu, 01 Jan 1970/,
            )
          if (outlives) expect(answer.headers.get('x-revocation')).toBe('at-expiry;s=3600')
          expect((await copy.refresh()).status).toBe(outlives ? 200 : 401)
        }
      },
    )

    test('ends nothing without the header, or by a refresh token that is forged', async () => {
      await using node = await pairNode(redis.url, mode)
      const client = await loggedIn(node, 'user-3')
      const [bare, forger] = [withoutCredential(client), withoutCredential(client)]
      if (usesCookies(MODES[mode])) {
        expect((await logout(bare, {})).status).toBe(403)
        forger.headers['cookie'] = `${forger.headers['cookie'] ?? ''}A`
      } else forger.refreshToken = `${forger.refreshToken}A`
      expect((await logout(forger)).status).toBe(401)
      expect((await bare.refresh()).status).toBe(200)
    })
  },
)

describe.each(['local', 'redis', 'cookie'] as const)('in %s a login in the same browser', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await pairNode(redis.url, mode)
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('ends the refresh token of the one before it', async () => {
    const client = await loggedIn(node, 'user-4')
    const copy = withoutCredential(client)
    expect((await client.login('user-4', undefined, CSRF)).status).toBe(200)
    expect((await copy.refresh()).status).toBe(401)
    const second = withoutCredential(client)
    expect((await client.login('user-5', undefined, CSRF)).status).toBe(200)
    expect((await second.refresh()).status).toBe(401)
    expect((await client.refresh()).body).toMatchObject({ id: 'user-5' })
  })

  test('ends it also where it is all that is left, and then wants the header', async () => {
    const left = withoutCredential(await loggedIn(node, 'user-6'))
    const copy = left.twin()
    expect((await left.twin().login('user-6')).status).toBe(403)
    expect((await copy.twin().refresh()).status).toBe(200)
    expect((await left.login('user-6', undefined, CSRF)).status).toBe(200)
    expect((await copy.refresh()).status).toBe(401)
  })

  test('ends it when it is a link that logs in', async () => {
    const client = await loggedIn(node, 'user-7')
    const copy = withoutCredential(client)
    await client.send('POST', '/links', { username: 'user-7' })
    const inbox = await (await node.admin('GET', '/users/user-7/inbox')).json()
    const { messages } = inbox as InboxAnswer
    const body = { token: messages.at(-1)?.secret }
    expect((await withoutCredential(client).send('POST', '/links/claim', body)).status).toBe(403)
    expect((await client.send('POST', '/links/claim', body, CSRF)).status).toBe(200)
    expect((await copy.refresh()).status).toBe(401)
    expect((await client.refresh()).status).toBe(200)
  })
})

test('with refresh tokens that nobody remembers, the one of the login before stays good until its end', async () => {
  await using node = await pairNode(redis.url, 'redis', 'stateless')
  const client = await loggedIn(node, 'user-2')
  const copy = withoutCredential(client)
  const again = await client.login('user-2', undefined, CSRF)
  expect(again.headers.get('x-revocation')).toBe('at-expiry;s=3600')
  expect((await copy.refresh()).status).toBe(200)
})
