import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAB } from '#contract/lab.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import type { InboxAnswer } from '#contract/node-admin.ts'
import { testRedis } from '../../../redis.ts'
import { Client } from '../client.ts'
import { patientRedis } from '../patient-redis.ts'
import type { TestNode } from '../test-node.ts'
import { testNode } from '../test-node.ts'

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

async function inbox(node: TestNode, user: string) {
  return ((await (await node.admin('GET', `/users/${user}/inbox`)).json()) as InboxAnswer).messages
}
async function linkFor(node: TestNode, user: string): Promise<string> {
  expect((await new Client(node.url).send('POST', '/links', { username: user })).status).toBe(202)
  return (await inbox(node, user)).at(-1)?.secret ?? ''
}
const claim = (node: TestNode, token: string) => new Client(node.url).send('POST', '/links/claim', { token })

describe.each(MODE_NAMES)('a one-time link in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({ STILLIN_MODE: mode, ...patientRedis(redis.url) })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('logs in once; opening it any number of times before changes nothing', async () => {
    const token = await linkFor(node, 'user-2')
    for (let opened = 0; opened < 3; opened += 1)
      expect((await new Client(node.url).send('GET', `/links/claim?token=${token}`)).body).toMatchObject({
        claimed: false,
      })
    const client = new Client(node.url)
    const claimed = await client.send('POST', '/links/claim', { token })
    expect(claimed).toMatchObject({ status: 200, body: { mode, user: { id: 'user-2', role: 'user' } } })
    expect((await client.me()).body).toMatchObject({ id: 'user-2' })
    expect(await claim(node, token)).toMatchObject({ status: 403, body: { error: 'link_refused' } })
  })

  test('is claimed by one of fifty at once', async () => {
    const token = await linkFor(node, 'user-3')
    const answers = await Promise.all(Array.from({ length: 50 }, () => claim(node, token)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(49).fill(403)])
  })

  test('is void after a ban and after a new password', async () => {
    const token = await linkFor(node, 'user-4')
    await node.admin('POST', '/users/user-4/ban', { banned: true })
    expect(await claim(node, token)).toMatchObject({ status: 403, body: { error: 'banned' } })
    await node.admin('POST', '/users/user-4/ban', { banned: false })
    const owner = new Client(node.url)
    await owner.login('user-5')
    const other = await linkFor(node, 'user-5')
    const passwords = { current: LAB.password, next: 'a new and longer password' }
    expect((await owner.send('POST', '/password', passwords, { 'x-csrf': '1' })).status).toBe(200)
    expect(await claim(node, other)).toMatchObject({ status: 409, body: { error: 'account_changed' } })
  })
})

describe('one-time links', () => {
  test('are claimed once over two nodes of one directory', async () => {
    await using first = await testNode({ STILLIN_MODE: 'jwt' })
    await using second = await testNode(
      { STILLIN_MODE: 'jwt', STILLIN_DIRECTORY_FILE: first.directoryFile },
      first.keyRing,
    )
    const token = await linkFor(first, 'user-2')
    const nodes = [first, second]
    const claims = Array.from({ length: 50 }, (_, index) => claim(nodes[index % 2] ?? first, token))
    const statuses = (await Promise.all(claims)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  test('end after a quarter of an hour, and no more than five are good at a time', async () => {
    await using node = await testNode()
    const token = await linkFor(node, 'user-2')
    node.advance(15 * 60_000)
    expect((await claim(node, token)).status).toBe(403)
    for (let asked = 0; asked < 7; asked += 1) await linkFor(node, 'user-3')
    expect(await inbox(node, 'user-3')).toHaveLength(5)
  })

  test('say nothing of who exists, and nonsense is none', async () => {
    await using node = await testNode()
    const [known, unknown] = await Promise.all(
      ['user-2', 'nobody-at-all'].map((username) =>
        new Client(node.url).send('POST', '/links', { username }),
      ),
    )
    expect([unknown?.status, unknown?.body]).toEqual([known?.status, known?.body])
    expect((await claim(node, 'A'.repeat(43))).status).toBe(403)
    expect((await claim(node, 'short')).status).toBe(400)
  })
})
