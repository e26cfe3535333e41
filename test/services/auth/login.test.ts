import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAB } from '#contract/lab.ts'
import { ROUTES } from '#contract/routes.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

let node: TestNode
beforeAll(async () => {
  node = await testNode({ STILLIN_TRUSTED_PROXIES: '127.0.0.9' })
})
afterAll(() => node[Symbol.asyncDispose]())

/** Logs in from a loopback address of the caller's choice; answers the status. */
function loginFrom(
  localAddress: string,
  password: string,
  forwardedFor?: string,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      ...(forwardedFor && { 'x-forwarded-for': forwardedFor }),
    }
    const url = new URL(ROUTES.login, node.url)
    const sent = request(url, { method: 'POST', localAddress, headers, agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ username: 'user-8', password }))
  })
}

describe('a wrong name or password', () => {
  test('is the same answer', async () => {
    const wrong = await new Client(node.url).login('user-2', 'not the password')
    const unknown = await new Client(node.url).login('nobody', 'not the password')
    const noName = await new Client(node.url).login('constructor', LAB.password)
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_login' } })
    expect(unknown.body).toEqual(wrong.body)
    expect(noName.body).toEqual(wrong.body)
    expect(unknown.headers.getSetCookie()).toEqual([])
  })

  test('too often is told to wait, by the address that the trusted proxy saw', async () => {
    for (let index = 0; index < 10; index += 1)
      expect(await loginFrom('127.0.0.9', 'wrong', '192.0.2.1')).toBe(401)
    expect(await loginFrom('127.0.0.9', LAB.password, '192.0.2.1')).toBe(429)
    expect(await loginFrom('127.0.0.9', LAB.password, '192.0.2.2')).toBe(200)
  })

  test('is not forgiven for a forwarded address that nobody trusted wrote', async () => {
    for (let index = 0; index < 10; index += 1)
      expect(await loginFrom('127.0.0.5', 'wrong', `192.0.2.${index}`)).toBe(401)
    expect(await loginFrom('127.0.0.5', 'wrong', '192.0.2.99')).toBe(429)
  })
})

test('a name that nobody has leaves nothing in the store', async () => {
  await using redis = await testRedis()
  await using inRedis = await testNode({ STILLIN_MODE: 'redis', STILLIN_REDIS_URL: redis.url })
  const { Redis } = await import('ioredis')
  const probe = new Redis(redis.url)
  for (const name of ['mallory', '}evil{', 'x'.repeat(128)]) {
    expect((await new Client(inRedis.url).login(name, 'wrong')).status).toBe(401)
    expect(await probe.keys(`*${name}*`)).toEqual([])
  }
  expect(await probe.keys('stillin:epoch:{nobody}')).toHaveLength(1)
  await probe.quit()
})
