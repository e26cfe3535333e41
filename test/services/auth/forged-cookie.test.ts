import { createHmac, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deriveKey } from '#services/auth/key-ring.ts'
import { newSessionId } from '#services/auth/sessions/session-id.ts'
import { Client } from './client.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

let node: TestNode
beforeAll(async () => {
  node = await testNode()
})
afterAll(() => node[Symbol.asyncDispose]())

function sign(value: string, key: string): string {
  return `${value}.${createHmac('sha256', key).update(value).digest('base64').replace(/=+$/, '')}`
}

async function reasonFor(value: string): Promise<unknown> {
  const client = new Client(node.url)
  client.headers = { cookie: `stillin_session=${value}` }
  const answer = await client.me()
  expect(answer.status).toBe(401)
  return answer.body?.['reason']
}

describe.each(['local', 'cookie'] as const)('a forged cookie in %s', (mode) => {
  let real = ''
  beforeAll(async () => {
    await node.switchTo(mode, mode === 'local' ? 2 : 3)
    const client = new Client(node.url)
    await client.login('user-5')
    real = client.headers['cookie']?.replace('stillin_session=', '') ?? ''
  })

  test('is refused by its signature when any character of it was changed', async () => {
    const last = real.lastIndexOf('.')
    for (const index of [mode.length + 2, Math.floor(last / 2), last + 3]) {
      const changed = real[index] === 'A' ? 'B' : 'A'
      expect(await reasonFor(real.slice(0, index) + changed + real.slice(index + 1))).toBe('signature')
    }
  })

  test('is refused by its signature when it has none, or one cut short', async () => {
    const value = real.slice(0, real.lastIndexOf('.'))
    for (const forged of [value, `${value}.`, real.slice(0, -1), `${real}A`])
      expect(await reasonFor(forged)).toBe('signature')
  })

  test('is refused by its signature when it was signed with a key of another use', async () => {
    const value = real.slice(0, real.lastIndexOf('.'))
    const { cookieSecret } = node.keyRing
    const other = deriveKey(cookieSecret, mode === 'local' ? 'data cookie' : 'session cookie local')
    for (const key of [randomBytes(32).toString('base64url'), other, cookieSecret])
      expect(await reasonFor(sign(value, key))).toBe('signature')
  })

  test('is malformed when it is none of ours', async () => {
    for (const value of ['x', 'x.y', 'null', '%00', `${'a'.repeat(3000)}.b`])
      expect(await reasonFor(value)).toBe('malformed')
  })
})

test('a session id that was signed and never stored is unknown, and its cookie is left alone', async () => {
  await node.switchTo('local', 4)
  const id = newSessionId('local', 'user-1', Date.now() + 60_000)
  const client = new Client(node.url)
  client.headers = {
    cookie: `stillin_session=${sign(id, deriveKey(node.keyRing.cookieSecret, 'session cookie local'))}`,
  }
  const answer = await client.me()
  expect(answer.body).toEqual({ error: 'unauthorized', reason: 'unknown' })
  expect(answer.headers.getSetCookie()).toEqual([])
})

test('under TLS the cookie is Secure and carries the __Host- prefix', async () => {
  await using tls = await testNode({ STILLIN_TLS: '1' })
  const login = await new Client(tls.url).login()
  const [cookie = ''] = login.headers.getSetCookie()
  expect(cookie).toMatch(/^__Host-stillin_session=local\./)
  for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=300'])
    expect(cookie.split('; ')).toContain(attribute)
  expect(cookie).not.toMatch(/Domain/i)
})
