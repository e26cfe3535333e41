import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MODE_NAMES, MODES } from '#contract/modes.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { overtaken } from './overtaken.ts'
import { patientRedis } from './patient-redis.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

interface Listed {
  id: string
  loginAt: string
  expiresAt: string
  current: boolean
}
const CSRF = { 'x-csrf': '1' }
const LISTED = ['local', 'sticky', 'redis'] as const
const TOKENS = MODE_NAMES.filter((mode) => MODES[mode].credential !== 'session-id-cookie')

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

async function loggedIn(node: TestNode, user: string): Promise<Client> {
  const client = new Client(node.url)
  expect((await client.login(user)).status).toBe(200)
  return client
}
async function list(client: Client): Promise<Listed[]> {
  const answer = await client.send('GET', '/sessions')
  expect(answer.status).toBe(200)
  return answer.body?.['sessions'] as Listed[]
}
const end = (client: Client, handle: string) => client.send('DELETE', `/sessions/${handle}`, undefined, CSRF)

describe.each(LISTED)('one’s own logins in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({ STILLIN_MODE: mode, ...patientRedis(redis.url) })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('are listed by handles that open nothing, and say which one asks', async () => {
    const [first, second] = [await loggedIn(node, 'user-2'), await loggedIn(node, 'user-2')]
    await loggedIn(node, 'user-3')
    const sessions = await list(second)
    expect(sessions).toHaveLength(2)
    expect(sessions.filter(({ current }) => current)).toHaveLength(1)
    expect((await list(first)).find(({ current }) => current)?.id).not.toBe(
      sessions.find(({ current }) => current)?.id,
    )
    const secret = decodeURIComponent(second.headers['cookie'] ?? '')
    for (const { id, loginAt, expiresAt } of sessions) {
      expect(secret).not.toContain(id)
      expect(Date.parse(expiresAt) - Date.parse(loginAt)).toBe(300_000)
      const thief = new Client(node.url)
      thief.headers['cookie'] = `stillin_session=${id}`
      expect((await thief.me()).status).toBe(401)
    }
  })

  test('are ended one by one, each by its user alone', async () => {
    const [here, there] = [await loggedIn(node, 'user-4'), await loggedIn(node, 'user-4')]
    const stranger = await loggedIn(node, 'user-5')
    const [other] = (await list(here)).filter(({ current }) => !current)
    const handle = other?.id ?? ''
    expect((await end(stranger, handle)).status).toBe(404)
    expect((await here.send('DELETE', `/sessions/${handle}`)).status).toBe(403)
    expect((await end(here, 'x')).status).toBe(400)
    expect((await there.me()).status).toBe(200)
    expect((await end(here, handle)).status).toBe(204)
    expect((await end(here, handle)).status).toBe(404)
    expect(await there.me()).toMatchObject({ status: 401, body: { reason: 'unknown' } })
    expect(await list(here)).toHaveLength(1)
  })

  test('do not come back when one is ended while it writes', async () => {
    const [here, there] = [await loggedIn(node, 'user-6'), await loggedIn(node, 'user-6')]
    const [other] = (await list(here)).filter(({ current }) => !current)
    const write = await overtaken(
      node,
      'write-before-save',
      () => there.twin().write({ a: 1 }),
      () => end(here, other?.id ?? ''),
    )
    expect(write).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    expect((await there.me()).status).toBe(401)
  })

  test('are forgotten by a logout, here and everywhere, and at their end', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => loggedIn(node, 'user-7')))
    const [first, second] = clients
    await first?.logout()
    expect(await list(second as Client)).toHaveLength(2)
    await second?.logout('/logout/all')
    expect(await list(await loggedIn(node, 'user-7'))).toHaveLength(1)
    node.advance(299_000)
    const late = await loggedIn(node, 'user-7')
    node.advance(2_000)
    expect(await list(late)).toHaveLength(1)
  })
})

test.each(TOKENS)('one’s own logins are on no list in %s', async (mode) => {
  await using node = await testNode({ STILLIN_MODE: mode, ...patientRedis(redis.url) })
  const client = await loggedIn(node, 'user-2')
  expect(await client.send('GET', '/sessions')).toMatchObject({
    status: 501,
    body: { error: 'not_in_this_mode' },
  })
  expect((await end(client, 'a'.repeat(43))).status).toBe(501)
  expect((await node.admin('GET', '/users/online')).status).toBe(501)
})
