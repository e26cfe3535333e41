import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { ModeName } from '#contract/modes.ts'
import { REFRESH_GRACE_MS } from '#contract/renewal.ts'
import { Client } from '../client.ts'
import { useEmptiedRedis } from '../emptied-redis.ts'
import type { TestNode } from '../test-node.ts'
import { loggedIn, pairNode } from './pair-node.ts'

/** So that a credential is over long before its login is. */
const ACCESS_MS = 20_000

const redis = useEmptiedRedis()

const shortPairs = (mode: ModeName, more: Record<string, string> = {}) =>
  pairNode(redis.url, mode, 'store', { STILLIN_LIFETIME_S: String(ACCESS_MS / 1000), ...more })

/** Nobody finds a user in this node's directory until it is disposed of. */
function withoutDirectory(node: TestNode): Disposable {
  const change = (sql: string) => {
    const database = new DatabaseSync(node.directoryFile, { timeout: 5_000 })
    database.exec(sql)
    database.close()
  }
  change('ALTER TABLE users RENAME TO users_away')
  return { [Symbol.dispose]: () => change('ALTER TABLE users_away RENAME TO users') }
}

/** The same token again, later than any grace would allow. */
async function goesOn(node: TestNode, client: Client): Promise<void> {
  node.advance(REFRESH_GRACE_MS + 1_000)
  expect((await client.refresh()).status).toBe(200)
  expect((await client.me()).status).toBe(200)
}

test.each([
  ['local', '0'],
  ['redis', '0'],
  ['jwt', '0'],
  ['jwt', '1'],
] as const)(
  'a refresh in %s that the directory failed leaves its token good (strict: %s)',
  async (mode, strict) => {
    await using node = await shortPairs(mode, { STILLIN_REFRESH_STRICT: strict })
    const client = await loggedIn(node, 'user-2')
    {
      using _away = withoutDirectory(node)
      expect((await client.refresh()).status).toBe(500)
    }
    await goesOn(node, client)
  },
)

test.each(['local', 'redis'] as const)(
  'a refresh in %s for which there was no place leaves its token good',
  async (mode) => {
    await using node = await shortPairs(mode, { STILLIN_USERS_ONLINE_MAX: '1' })
    const [waiting, inside] = [await loggedIn(node, 'user-2'), new Client(node.url)]
    node.advance(ACCESS_MS + 1_000)
    expect((await inside.login('user-3')).status).toBe(200)
    expect(await waiting.refresh()).toMatchObject({ status: 429, body: { error: 'users_online_limit' } })
    await inside.logout()
    await goesOn(node, waiting)
  },
)

test.each(['local', 'redis', 'jwt-hybrid'] as const)(
  'a refresh in %s that a limit of logins refused leaves its token good',
  async (mode) => {
    await using node = await shortPairs(mode, {
      STILLIN_SESSIONS_PER_USER: '1',
      STILLIN_SESSIONS_AT_LIMIT: 'refuse',
    })
    const waiting = await loggedIn(node, 'user-2')
    node.advance(ACCESS_MS + 1_000)
    const inside = await loggedIn(node, 'user-2')
    expect(await waiting.refresh()).toMatchObject({ status: 409 })
    expect((await inside.logout()).status).toBe(204)
    await goesOn(node, waiting)
  },
)

test('a refresh that found the memory full leaves its token good', async () => {
  // Room for two sessions of some 550 bytes, and not for a third.
  await using node = await shortPairs('local', { STILLIN_MEMORY_MAX_BYTES: '1300' })
  const waiting = await loggedIn(node, 'user-2')
  node.advance(ACCESS_MS + 1_000)
  const inside = await loggedIn(node, 'user-3')
  await loggedIn(node, 'user-4')
  expect(await waiting.refresh()).toMatchObject({ status: 503, body: { reason: 'memory_full' } })
  expect((await inside.logout()).status).toBe(204)
  await goesOn(node, waiting)
})
