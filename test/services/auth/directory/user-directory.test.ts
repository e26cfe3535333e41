import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAB } from '#contract/lab.ts'
import { systemClock } from '#services/auth/clock.ts'
import type { DirectoryPlace } from '#services/auth/directory/directory-place.ts'
import { type OpenDirectory, openDirectory } from '#services/auth/directory/open-directory.ts'
import { verifyPassword } from '#services/auth/directory/password.ts'
import type { LinkPurpose } from '#services/auth/one-time/one-time-store.ts'
import { SqliteOneTimeStore } from '#services/auth/one-time/sqlite-one-time-store.ts'
import { storePlace } from '../../../store-places.ts'
import { Client } from '../client.ts'
import { temporaryFolder, testNode } from '../test-node.ts'

const AT_ONCE = 20
const many = <Value>(act: () => Value | Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, async () => act()))

let postgres: Awaited<ReturnType<typeof storePlace>>
beforeAll(async () => {
  postgres = await storePlace('postgres')
})
afterAll(async () => {
  if (typeof postgres !== 'string') await postgres[Symbol.asyncDispose]()
})

describe.each(['sqlite', 'postgres'] as const)('a user directory in %s', (kind) => {
  const resources = new AsyncDisposableStack()
  const clock = systemClock()
  let place: DirectoryPlace | string
  let first: OpenDirectory
  let second: OpenDirectory

  function makePlace(): DirectoryPlace | string {
    if (kind === 'sqlite') return { kind, file: join(resources.use(temporaryFolder()).path, 'users.sqlite') }
    return typeof postgres === 'string' ? postgres : { kind, url: postgres.store.url }
  }
  beforeAll(async () => {
    place = makePlace()
    if (typeof place === 'string') return
    // Both at the same moment, as nodes that start together.
    const opened = await Promise.all([
      openDirectory(place, 30, clock, {}),
      openDirectory(place, 30, clock, {}),
    ])
    ;[first, second] = opened
    for (const { directory, oneTime } of opened) {
      resources.defer(() => directory.close())
      resources.defer(() => oneTime.close())
    }
  })
  afterAll(() => resources.disposeAsync())
  const having = (title: string, run: () => Promise<void>) =>
    test(title, async (context) => {
      if (typeof place === 'string') return context.skip(place)
      await run()
    })

  having('is filled once, and every node finds the same people', async () => {
    const admin = await first.directory.find('user-1')
    expect(admin).toMatchObject({ id: 'user-1', role: 'admin', banned: false, version: 1 })
    expect(admin?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword(admin?.passwordHash, LAB.password)).toBe(true)
    expect(await second.directory.find('user-1')).toEqual(admin)
    expect(await second.directory.find('user-31')).toBeUndefined()
    const found = await second.directory.findAll(['user-3', 'nobody', 'user-2'])
    expect(found.map((entry) => entry?.id)).toEqual(['user-3', undefined, 'user-2'])
  })

  having('counts each change, and a repeated one not at all', async () => {
    await first.directory.setBanned('user-4', true)
    await second.directory.setBanned('user-4', true)
    expect(await second.directory.find('user-4')).toMatchObject({ banned: true, version: 2 })
    await second.directory.setBanned('user-4', false)
    await first.directory.setRole('user-4', 'admin')
    await second.directory.setRole('user-4', 'admin')
    expect(await first.directory.find('user-4')).toMatchObject({ banned: false, role: 'admin', version: 4 })
  })

  having('lets one of many new passwords win, and none over a change', async () => {
    const nodes = [first, second]
    let turn = 0
    const won = await many(() => {
      turn += 1
      return (nodes[turn % 2] ?? first).directory.setPassword('user-5', `hash ${turn}`, 1)
    })
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await first.directory.setPassword('user-5', 'late', 1)).toBe(false)
    expect(await second.directory.find('user-5')).toMatchObject({ version: 2 })
  })

  having('hands a link to one of many, and keeps no more than five of a user', async () => {
    expect(await first.oneTime.addLink('sign-in', 'hash', 'user-6', 3)).toBe(true)
    const taken = await many(() => second.oneTime.takeLink('sign-in', 'hash'))
    expect(taken.filter((owner) => owner !== undefined)).toEqual([{ userId: 'user-6', version: 3 }])
    const added: boolean[] = []
    for (let link = 0; link < 7; link += 1)
      added.push(await first.oneTime.addLink('sign-in', `link ${link}`, 'user-6', 3))
    expect(added.filter(Boolean)).toHaveLength(5)
  })

  having('counts handoffs apart from links, each until its own end', async () => {
    const { oneTime } = first
    const fill = async (purpose: LinkPurpose, name: string) => {
      const added: boolean[] = []
      for (let one = 0; one < 6; one += 1)
        added.push(await oneTime.addLink(purpose, `${name} ${one}`, 'user-8', 1))
      return added.filter(Boolean).length
    }
    expect(await fill('sign-in', 'own link')).toBe(5)
    expect(await fill('handoff', 'handoff')).toBe(5)
    expect(await second.oneTime.takeLink('sign-in', 'handoff 0')).toBeUndefined()
    expect(await second.oneTime.takeLink('handoff', 'handoff 0')).toMatchObject({ userId: 'user-8' })
    clock.setOffset(60_000)
    try {
      expect(await second.oneTime.takeLink('handoff', 'handoff 1')).toBeUndefined()
      expect(await fill('handoff', 'later')).toBe(5)
      expect(await fill('sign-in', 'later')).toBe(0)
      expect(await second.oneTime.takeLink('sign-in', 'own link 0')).toMatchObject({ userId: 'user-8' })
    } finally {
      clock.setOffset(0)
    }
  })

  having('lets a code be tried five times, used once, and asked for five times', async () => {
    expect(await first.oneTime.addCode('user-7', 'session', 'hash')).toBe(true)
    expect(await second.oneTime.tryCode('user-7', 'another session')).toBeUndefined()
    const tries = await many(() => second.oneTime.tryCode('user-7', 'session'))
    expect(tries.filter((hash) => hash === 'hash')).toHaveLength(5)
    const used = await many(() => first.oneTime.takeCode('user-7', 'session', 'hash'))
    expect(used.filter(Boolean)).toHaveLength(1)
    const asked: boolean[] = []
    for (let ask = 0; ask < 6; ask += 1)
      asked.push(await first.oneTime.addCode('user-7', 'session', `hash ${ask}`))
    expect(asked).toEqual([true, true, true, true, false, false])
  })
})

test('a file in which handoffs were counted as links goes on being used, and its links are good', async () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'users.sqlite')
  const before = new DatabaseSync(file)
  before.exec(`CREATE TABLE links (
    hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`)
  const row = before.prepare("INSERT INTO links VALUES (?, 'user-2', 1, ?)")
  for (let link = 0; link < 5; link += 1) row.run(`old ${link}`, Date.now() + 60_000)
  before.close()
  const store = new SqliteOneTimeStore(file, systemClock())
  try {
    expect(store.addLink('sign-in', 'new', 'user-2', 1)).toBe(false)
    expect(store.addLink('handoff', 'new', 'user-2', 1)).toBe(true)
    expect(store.takeLink('sign-in', 'old 0')).toEqual({ userId: 'user-2', version: 1 })
  } finally {
    store.close()
  }
})

test('nodes of two hosts share a directory in PostgreSQL: accounts, links, and an outage of logins alone', async (context) => {
  if (typeof postgres === 'string') return context.skip(postgres)
  await using resources = new AsyncDisposableStack()
  const settings = { STILLIN_MODE: 'jwt', STILLIN_DIRECTORY_URL: postgres.store.url }
  const here = resources.use(await testNode(settings))
  const there = resources.use(await testNode(settings, here.keyRing))
  const client = new Client(here.url)
  expect((await client.login('user-12')).status).toBe(200)
  expect((await here.admin('POST', '/users/user-13/ban', { banned: true })).status).toBe(200)
  expect(await new Client(there.url).login('user-13')).toMatchObject({
    status: 403,
    body: { error: 'banned' },
  })
  const passwords = { current: LAB.password, next: 'a new and longer password' }
  expect((await client.send('POST', '/password', passwords, { 'x-csrf': '1' })).status).toBe(200)
  const [before, after] = [new Client(there.url), new Client(there.url)]
  expect((await before.login('user-12')).status).toBe(401)
  expect((await after.login('user-12', passwords.next)).status).toBe(200)

  await client.send('POST', '/links', { username: 'user-14' })
  const { messages } = (await (await here.admin('GET', '/users/user-14/inbox')).json()) as {
    messages: { secret: string }[]
  }
  const token = messages.at(-1)?.secret
  const claims = await Promise.all(
    [here, there, here, there].map(({ url }) => new Client(url).send('POST', '/links/claim', { token })),
  )
  expect(claims.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403])

  await postgres[Symbol.asyncDispose]()
  expect(await new Client(there.url).login('user-12', passwords.next)).toMatchObject({
    status: 503,
    body: { reason: 'store_unavailable' },
  })
  expect((await after.me()).status).toBe(200)
})
