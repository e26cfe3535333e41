import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client } from './client.ts'
import { freshKeyRing } from './keys.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

/** Sends header lines as they are, names twice included; answers status and reason. */
function get(url: string, headers: string[]): Promise<[number | undefined, unknown]> {
  return new Promise((resolve, reject) => {
    request(`${url}/me`, { headers: ['host', 'x', ...headers] }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve([response.statusCode, JSON.parse(text).reason]))
    })
      .on('error', reject)
      .end()
  })
}

describe.each(['jose', 'node'])('bearer tokens checked by %s', (verifier) => {
  let node: TestNode
  let token = ''
  beforeAll(async () => {
    node = await testNode({ STILLIN_MODE: 'jwt', STILLIN_JWT_VERIFIER: verifier })
    const client = new Client(node.url)
    await client.login()
    token = client.headers['authorization']?.replace('Bearer ', '') ?? ''
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('are taken once, in one spelling', async () => {
    const { url } = node
    expect(await get(url, ['authorization', `Bearer ${token}`])).toEqual([200, undefined])
    expect(await get(url, ['AUTHORIZATION', `bearer ${token}`])).toEqual([200, undefined])
    const twice = ['authorization', `Bearer ${token}`, 'Authorization', `Bearer ${token}`]
    expect(await get(url, twice)).toEqual([401, 'malformed'])
    for (const value of [
      token,
      'Bearer',
      'Bearer ',
      `Basic ${token}`,
      `Bearer ${token} ${token}`,
      `Bearer ${token}=`,
      `Bearer ${token}, Bearer ${token}`,
      'Bearer a.b.c',
      'Bearer null',
    ])
      expect([value, await get(url, ['authorization', value])]).toEqual([value, [401, 'malformed']])
  })

  test('with alg none, or signed by somebody else, are refused by their signature', async () => {
    const [, payload = ''] = token.split('.')
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const none = `${encode({ alg: 'none', typ: 'at+jwt', kid: 'k1' })}.${payload}`
    expect(await get(node.url, ['authorization', `Bearer ${none}.AAAA`])).toEqual([401, 'signature'])
    expect(await get(node.url, ['authorization', `Bearer ${none}.`])).toEqual([401, 'malformed'])
    const foreign = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })}.${payload}`
    const signature = createHmac('sha256', 'secret').update(foreign).digest('base64url')
    expect(await get(node.url, ['authorization', `Bearer ${foreign}.${signature}`])).toEqual([
      401,
      'signature',
    ])
  })

  test('re-encoded with a stray low bit are refused', async () => {
    // 32 bytes end in a group of three characters whose last two bits say nothing.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const next = alphabet[alphabet.indexOf(token.at(-1) ?? '') + 1]
    const again = token.slice(0, -1) + next
    expect(Buffer.from(again.split('.')[2] ?? '', 'base64url')).toEqual(
      Buffer.from(token.split('.')[2] ?? '', 'base64url'),
    )
    expect(await get(node.url, ['authorization', `Bearer ${again}`])).toEqual([401, 'malformed'])
  })
})

test('a refusal says how to come in, as RFC 6750 asks', async () => {
  await using node = await testNode({ STILLIN_MODE: 'jwt' })
  const client = new Client(node.url)
  expect((await client.me()).headers.get('www-authenticate')).toBe('Bearer')
  client.headers = { authorization: 'Bearer a.b.c' }
  expect((await client.me()).headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
})

describe('published keys', () => {
  test.each(['RS256', 'ES256', 'EdDSA'] as const)('of %s let anybody check a token', async (algorithm) => {
    const { createRemoteJWKSet, jwtVerify } = await import('jose')
    await using node = await testNode({ STILLIN_MODE: 'jwt' }, freshKeyRing(algorithm))
    const client = new Client(node.url)
    const login = await client.login('user-7')
    expect((await client.me()).body).toMatchObject({ id: 'user-7' })
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', node.url))
    const { payload } = await jwtVerify(String(login.body?.['accessToken']), keys, { typ: 'at+jwt' })
    expect(payload.sub).toBe('user-7')
  })

  test('do not exist for a shared secret', async () => {
    await using node = await testNode()
    expect(await new Client(node.url).send('GET', '/.well-known/jwks.json')).toMatchObject({
      status: 404,
      body: { error: 'no_public_keys' },
    })
  })
})
