import { describe, expect, test } from 'vitest'
import { Client } from './client.ts'
import { useEmptiedRedis } from './emptied-redis.ts'
import { freshKeyRing } from './keys.ts'
import { patientRedis } from './patient-redis.ts'
import { testNode } from './test-node.ts'

const AT_ONCE = 8

const redis = useEmptiedRedis()

describe.each(['local', 'redis'])('a limit on logins in %s', (mode) => {
  const node = (settings: Record<string, string>, ring = freshKeyRing()) =>
    testNode({ STILLIN_MODE: mode, ...patientRedis(redis.url), ...settings }, ring)
  const online = async (at: Awaited<ReturnType<typeof node>>) =>
    (await at.admin('GET', '/users/online')).json() as Promise<{ users: number }>

  async function loginsAtOnce(urls: readonly string[], users: readonly string[]) {
    const clients = users.map((_, index) => new Client(urls[index % urls.length] ?? ''))
    const statuses = await Promise.all(
      clients.map(async (client, index) => (await client.login(users[index])).status),
    )
    return { clients, statuses }
  }
  async function alive(clients: readonly Client[]): Promise<number> {
    const answers = await Promise.all(clients.map((client) => client.me()))
    return answers.filter(({ status }) => status === 200).length
  }

  test('of one a user leaves the last of many that came at once', async () => {
    await using one = await node({ STILLIN_SESSIONS_PER_USER: '1' })
    const { clients, statuses } = await loginsAtOnce([one.url], Array(AT_ONCE).fill('user-2'))
    expect(statuses).toEqual(Array(AT_ONCE).fill(200))
    expect(await alive(clients)).toBe(1)
  })

  test('of two ends the oldest, and a logout makes room', async () => {
    await using one = await node({ STILLIN_SESSIONS_PER_USER: '2' })
    const logins: Client[] = []
    for (let count = 0; count < 3; count += 1) {
      const client = new Client(one.url)
      await client.login('user-2')
      one.advance(1_000)
      logins.push(client)
    }
    const [first, second, third] = logins
    expect([(await first?.me())?.status, await alive(logins)]).toEqual([401, 2])
    await third?.logout()
    const fourth = new Client(one.url)
    await fourth.login('user-2')
    expect([(await second?.me())?.status, (await fourth.me()).status]).toEqual([200, 200])
  })

  test('that refuses the newest admits no more than it says of many that come at once', async () => {
    await using one = await node({ STILLIN_SESSIONS_PER_USER: '3', STILLIN_SESSIONS_AT_LIMIT: 'refuse' })
    const { clients, statuses } = await loginsAtOnce([one.url], Array(AT_ONCE).fill('user-2'))
    expect(statuses.toSorted()).toEqual([200, 200, 200, ...Array(AT_ONCE - 3).fill(409)])
    expect(await alive(clients)).toBe(3)
    const late = await new Client(one.url).login('user-2')
    expect(late.body).toMatchObject({ error: 'session_limit' })
    expect(late.headers.getSetCookie()).toEqual([])
    one.advance(301_000)
    expect((await new Client(one.url).login('user-2')).status).toBe(200)
  })

  test('on users online holds when many come at once, and counts each of them once', async () => {
    await using one = await node({ STILLIN_USERS_ONLINE_MAX: '3' })
    const users = Array.from({ length: AT_ONCE }, (_, index) => `user-${index + 2}`)
    const { clients, statuses } = await loginsAtOnce([one.url], users)
    expect(statuses.toSorted()).toEqual([200, 200, 200, ...Array(AT_ONCE - 3).fill(429)])
    const scope = mode === 'local' ? 'node' : 'cluster'
    expect(await online(one)).toEqual({ mode, users: 3, scope, max: 3 })
    const inside = statuses.indexOf(200)
    expect((await new Client(one.url).login(users[inside])).status).toBe(200)
    expect((await new Client(one.url).login('user-1')).body).toMatchObject({ error: 'users_online_limit' })
    await clients[inside]?.logout('/logout/all')
    expect(await online(one)).toMatchObject({ users: 2 })
    expect((await new Client(one.url).login('user-1')).status).toBe(200)
  })
})

describe('a limit over two nodes', () => {
  test.each([
    ['redis', 1],
    ['local', 2],
  ])('in %s leaves %i of the logins that came at once', async (mode, left) => {
    const ring = freshKeyRing()
    const settings = {
      STILLIN_MODE: mode,
      ...patientRedis(redis.url),
      STILLIN_SESSIONS_PER_USER: '1',
    }
    await using first = await testNode(settings, ring)
    await using second = await testNode(settings, ring)
    const nodes = [first, second]
    const clients = Array.from({ length: AT_ONCE }, (_, index) => new Client(nodes[index % 2]?.url ?? ''))
    await Promise.all(clients.map((client) => client.login('user-2')))
    const answers = await Promise.all(clients.map((client) => client.me()))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(left)
  })
})
