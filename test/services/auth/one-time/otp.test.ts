import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InboxAnswer } from '#contract/node-admin.ts'
import { testRedis } from '../../../redis.ts'
import { Client } from '../client.ts'
import { patientRedis } from '../patient-redis.ts'
import type { TestNode } from '../test-node.ts'
import { testNode } from '../test-node.ts'

const CSRF = { 'x-csrf': '1' }

let redis: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  redis = await testRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

describe.each(['local', 'redis'])('a code by phone in %s', (mode) => {
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({ STILLIN_MODE: mode, ...patientRedis(redis.url) })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  async function loggedIn(user: string): Promise<Client> {
    const client = new Client(node.url)
    expect((await client.login(user)).status).toBe(200)
    return client
  }
  async function codeFor(client: Client, user: string): Promise<string> {
    const answer = await client.send('POST', '/otp', undefined, CSRF)
    expect(answer.status).toBe(202)
    const inbox = (await (await node.admin('GET', `/users/${user}/inbox`)).json()) as InboxAnswer
    const code = inbox.messages.at(-1)?.secret ?? ''
    expect(code).toMatch(/^\d{6}$/)
    expect(JSON.stringify(answer.body)).not.toContain(code)
    return code
  }
  const verify = (client: Client, code: unknown) => client.send('POST', '/otp/verify', { code }, CSRF)
  const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

  test('is good once', async () => {
    const client = await loggedIn('user-2')
    const code = await codeFor(client, 'user-2')
    expect(await verify(client, code)).toMatchObject({ status: 200, body: { id: 'user-2', verified: true } })
    expect((await verify(client, code)).status).toBe(403)
  })

  test('that was never asked for is no code, and none sent is none', async () => {
    const client = await loggedIn('user-3')
    expect(await verify(client, '000000')).toMatchObject({ status: 403, body: { error: 'code_refused' } })
    for (const body of [{}, { code: '' }, { code: null }, { code: 123456 }])
      expect((await client.send('POST', '/otp/verify', body, CSRF)).status).toBe(400)
    expect((await client.send('POST', '/otp/verify', undefined, CSRF)).status).toBe(400)
    expect((await client.send('POST', '/otp')).status).toBe(403)
    expect((await new Client(node.url).send('POST', '/otp', undefined, CSRF)).status).toBe(401)
  })

  test('is good in the session that asked, and for its user', async () => {
    const [here, there] = [await loggedIn('user-4'), await loggedIn('user-4')]
    const code = await codeFor(here, 'user-4')
    expect((await verify(there, code)).status).toBe(403)
    expect((await verify(await loggedIn('user-5'), code)).status).toBe(403)
    expect((await verify(here, code)).status).toBe(200)
  })

  test('is gone after five tries, however many come at once', async () => {
    const client = await loggedIn('user-6')
    const code = await codeFor(client, 'user-6')
    const tries = Array.from({ length: 20 }, () => verify(client.twin(), wrong(code)))
    expect(new Set((await Promise.all(tries)).map(({ status }) => status))).toEqual(new Set([403]))
    expect((await verify(client, code)).status).toBe(403)
  })

  test('is taken by one of many right tries at once', async () => {
    const client = await loggedIn('user-7')
    const code = await codeFor(client, 'user-7')
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(client.twin(), code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('is good for four wrong tries and the fifth, and asking again starts anew, five times', async () => {
    const client = await loggedIn('user-8')
    await codeFor(client, 'user-8')
    const code = await codeFor(client, 'user-8')
    for (let tries = 0; tries < 4; tries += 1) expect((await verify(client, wrong(code))).status).toBe(403)
    expect((await verify(client, code)).status).toBe(200)
    for (let asked = 2; asked < 5; asked += 1) await codeFor(client, 'user-8')
    const refused = await client.send('POST', '/otp', undefined, CSRF)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('600')
  })
})

test('a code by phone ends after ten minutes', async () => {
  await using node = await testNode({ STILLIN_LIFETIME_S: '3600' })
  const client = new Client(node.url)
  await client.login('user-2')
  await client.send('POST', '/otp', undefined, CSRF)
  const inbox = (await (await node.admin('GET', '/users/user-2/inbox')).json()) as InboxAnswer
  node.advance(10 * 60_000)
  expect((await client.send('POST', '/otp/verify', { code: inbox.messages[0]?.secret }, CSRF)).status).toBe(
    403,
  )
})

test.each(['cookie', 'jwt'])('a code by phone has no session to be bound to in %s', async (mode) => {
  await using node = await testNode({ STILLIN_MODE: mode })
  const client = new Client(node.url)
  await client.login('user-2')
  expect(await client.send('POST', '/otp', undefined, CSRF)).toMatchObject({
    status: 501,
    body: { error: 'not_in_this_mode' },
  })
})
