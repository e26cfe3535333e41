import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StoreServer } from '#cluster/stores/store-server.ts'
import type { ModeName } from '#contract/modes.ts'
import { storePlace } from '../../../store-places.ts'
import type { Client } from '../client.ts'
import { useEmptiedRedis } from '../emptied-redis.ts'
import { overtaken } from '../overtaken.ts'
import type { TestNode } from '../test-node.ts'
import { loggedIn, pairNode } from './pair-node.ts'

const CSRF = { 'x-csrf': '1' }
const SECOND_MS = 1_000

const redis = useEmptiedRedis()
let file: StoreServer
beforeAll(async () => {
  file = (await storePlace('file')) as StoreServer
})
afterAll(() => file[Symbol.asyncDispose]())

const pairs = (mode: ModeName, more: Record<string, string> = {}, home: 'store' | 'stateless' = 'store') =>
  pairNode(redis.url, mode, home, more)
const inFile = () => ({ STILLIN_STORE: 'file', STILLIN_STORE_URL: file.store.url })

/** Each a second after the one before it, so that it is clear which is the oldest. */
async function loggedInInTurn(node: TestNode, user: string): Promise<Client> {
  const client = await loggedIn(node, user)
  node.advance(SECOND_MS)
  return client
}
async function handles(client: Client): Promise<{ own: string; others: string[] }> {
  const { body } = await client.send('GET', '/sessions')
  const sessions = body?.['sessions'] as { id: string; current: boolean }[]
  const others = sessions.filter(({ current }) => !current).map(({ id }) => id)
  return { own: sessions.find(({ current }) => current)?.id ?? '', others }
}
const end = (client: Client, handle = '') => client.send('DELETE', `/sessions/${handle}`, undefined, CSRF)

describe.each([
  ['local', () => ({})],
  ['redis', () => ({})],
  ['redis, kept in a file', inFile],
  ['redis-cached', () => ({})],
  ['replicated', () => ({})],
] as const)('a login in %s that was ended from the list', (name, settings) => {
  const mode = (name.startsWith('redis,') ? 'redis' : name) as ModeName
  let node: TestNode
  beforeAll(async () => {
    node = await pairs(mode, settings())
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('does not come back by its refresh token', async () => {
    const [owner, thief] = [await loggedInInTurn(node, 'user-2'), await loggedInInTurn(node, 'user-2')]
    expect((await end(owner, (await handles(owner)).others[0])).status).toBe(204)
    expect((await thief.twin().me()).status).toBe(401)
    expect((await thief.twin().refresh()).status).toBe(401)
    expect((await owner.refresh()).status).toBe(200)
    expect((await owner.me()).status).toBe(200)
  })

  test('does not either where it had been refreshed, and written to', async () => {
    const [owner, thief] = [await loggedInInTurn(node, 'user-3'), await loggedInInTurn(node, 'user-3')]
    for (let times = 0; times < 2; times += 1) {
      expect((await thief.refresh()).status).toBe(200)
      expect((await thief.write({ times })).status).toBe(200)
    }
    expect((await end(owner, (await handles(owner)).others[0])).status).toBe(204)
    expect((await thief.refresh()).status).toBe(401)
  })

  test('does not when it is one’s own', async () => {
    const client = await loggedInInTurn(node, 'user-4')
    const copy = client.twin()
    const answer = await end(client, (await handles(client)).own)
    expect(answer.status).toBe(204)
    expect(answer.headers.getSetCookie().join()).toContain('stillin_refresh=;')
    expect((await copy.refresh()).status).toBe(401)
  })
})

test('a session that is ended while the refresh that made it has not answered ends that refresh', async () => {
  await using node = await pairs('redis')
  const [owner, thief] = [await loggedInInTurn(node, 'user-2'), await loggedInInTurn(node, 'user-2')]
  const refreshed = await overtaken(
    node,
    'refresh-before-redeem',
    () => thief.refresh(),
    async () => end(owner, (await handles(owner)).others[0]),
  )
  expect(refreshed.status).toBe(401)
  expect(await handles(owner)).toMatchObject({ others: [] })
})

describe.each([
  ['local', () => ({})],
  ['redis', () => ({})],
  ['redis, kept in a file', inFile],
  ['redis-cached', () => ({})],
  ['jwt-hybrid', () => ({})],
] as const)('a limit of two logins in %s', (name, settings) => {
  const mode = (name.startsWith('redis,') ? 'redis' : name) as ModeName
  let node: TestNode
  beforeAll(async () => {
    node = await pairs(mode, { ...settings(), STILLIN_SESSIONS_PER_USER: '2' })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  // Users of their own: the file keeps what was there before.
  test('ends the oldest one for good, and no other', async () => {
    const [first, second] = [await loggedInInTurn(node, 'user-12'), await loggedInInTurn(node, 'user-12')]
    const third = await loggedInInTurn(node, 'user-12')
    expect((await first.refresh()).status).toBe(401)
    expect((await second.refresh()).status).toBe(200)
    expect((await third.refresh()).status).toBe(200)
  })

  test('lets a login come back whose session had run out, and that ends another one for good', async () => {
    const away = await loggedInInTurn(node, 'user-13')
    node.advance(300 * SECOND_MS)
    const [first, second] = [await loggedInInTurn(node, 'user-13'), await loggedInInTurn(node, 'user-13')]
    expect((await away.refresh()).status).toBe(200)
    expect((await first.refresh()).status).toBe(401)
    expect((await second.refresh()).status).toBe(200)
    expect((await away.refresh()).status).toBe(200)
  })

  test('spares a login of which two tabs made two sessions at once, while one of them is left', async () => {
    const tabs = await loggedInInTurn(node, 'user-14')
    const [one, two] = [tabs.twin(), tabs.twin()]
    node.advance(300 * SECOND_MS)
    // Of one login: the limit of two is reached.
    expect((await one.refresh()).status).toBe(200)
    node.advance(SECOND_MS)
    expect((await two.refresh()).status).toBe(200)
    node.advance(SECOND_MS)
    const other = await loggedInInTurn(node, 'user-14')
    expect((await two.refresh()).status).toBe(200)
    expect((await other.refresh()).status).toBe(200)
  })
})

test('one login that is refreshed by many at once within its limit goes on', async () => {
  await using node = await pairs('redis', { STILLIN_SESSIONS_PER_USER: '1' })
  const client = await loggedInInTurn(node, 'user-2')
  const tabs = Array.from({ length: 10 }, () => client.twin())
  const statuses = await Promise.all(tabs.map(async (tab) => (await tab.refresh()).status))
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect((await tabs[0]?.refresh())?.status).toBe(200)
})

test('with refresh tokens that nobody remembers an ended login comes back, as is declared', async () => {
  await using node = await pairs('redis', {}, 'stateless')
  const [owner, thief] = [await loggedInInTurn(node, 'user-2'), await loggedInInTurn(node, 'user-2')]
  const answer = await end(owner, (await handles(owner)).others[0])
  expect(answer.status).toBe(204)
  expect(answer.headers.get('x-revocation')).toBe('at-expiry;s=3600')
  expect((await thief.refresh()).status).toBe(200)
})
