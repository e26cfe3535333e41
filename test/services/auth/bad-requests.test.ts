import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAB } from '#contract/lab.ts'
import { Client } from './client.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

let node: TestNode
beforeAll(async () => {
  node = await testNode()
})
afterAll(() => node[Symbol.asyncDispose]())

const loginBody = (more: object = {}) => ({ username: 'user-1', password: LAB.password, ...more })

/** Sends bytes as they are and answers what came back until the server closed. */
async function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
  socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')))
  socket.write(text)
  let received = ''
  for await (const chunk of socket) received += String(chunk)
  return received
}

describe('a body that cannot be taken', () => {
  const refused = async (body: string, headers: Record<string, string>) => {
    const { status, body: answer } = await new Client(node.url).send('POST', '/login', body, headers)
    return [status, answer?.['error'], answer?.['field']]
  }
  const json = { 'content-type': 'application/json' }

  test('is answered in words, one error each', async () => {
    expect(await refused('{"username":', json)).toEqual([400, 'malformed_json', undefined])
    expect(await refused(' ', json)).toEqual([400, 'malformed_json', undefined])
    expect(await refused(JSON.stringify(loginBody()), { 'content-type': 'text/plain' })).toEqual([
      415,
      'unsupported_media_type',
      undefined,
    ])
    expect(await refused('username=user-1', { 'content-type': 'application/x-www-form-urlencoded' })).toEqual(
      [415, 'unsupported_media_type', undefined],
    )
    expect(await refused(JSON.stringify(loginBody({ admin: true })), json)).toEqual([
      400,
      'invalid_request',
      'admin',
    ])
    expect(await refused(JSON.stringify({ username: 'user-1' }), json)).toEqual([
      400,
      'invalid_request',
      'password',
    ])
    expect(await refused(JSON.stringify(loginBody({ username: 7 })), json)).toEqual([
      400,
      'invalid_request',
      'username',
    ])
    expect(await refused('[]', json)).toEqual([400, 'invalid_request', undefined])
    const client = new Client(node.url)
    for (const [body, message] of [
      ['[]', 'The body must be an object.'],
      ['{"username":7,"password":"x"}', '"username" must be a string.'],
    ] as const)
      expect((await client.send('POST', '/login', body, json)).body?.['message']).toBe(message)
  })

  test('is refused when it reaches for the prototype', async () => {
    const client = new Client(node.url)
    await client.login()
    for (const body of ['{"__proto__":{"role":"admin"}}', '{"constructor":{"prototype":{"role":"admin"}}}'])
      expect(await client.send('PUT', '/me/data', body, { 'x-csrf': '1' })).toMatchObject({
        status: 400,
        body: { error: 'malformed_json' },
      })
  })

  test('nested without end is refused, and the node goes on', async () => {
    const client = new Client(node.url)
    await client.login()
    const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect((await client.send('PUT', '/me/data', nested(31), { 'x-csrf': '1' })).status).toBe(200)
    for (const depth of [32, 1_000, 200_000])
      expect(await client.send('PUT', '/me/data', nested(depth), { 'x-csrf': '1' })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      })
    expect((await client.me()).status).toBe(200)
  })

  test('of 2 MB is too large', async () => {
    const client = new Client(node.url)
    await client.login()
    expect(await client.write({ text: 'x'.repeat(2_000_000) })).toMatchObject({
      status: 413,
      body: { error: 'body_too_large' },
    })
    expect((await client.me()).status).toBe(200)
  })
})

describe('the CSRF header', () => {
  test('is asked for by every state change in a cookie mode', async () => {
    const client = new Client(node.url)
    await client.login()
    for (const [method, path, body] of [
      ['PUT', '/me/data', {}],
      ['POST', '/logout', undefined],
      ['POST', '/logout/all', undefined],
      ['POST', '/login', loginBody()],
    ] as const) {
      for (const headers of [{}, { 'x-csrf': '0' }, { 'x-csrf': '1, 1' }])
        expect(await client.send(method, path, body, headers)).toMatchObject({
          status: 403,
          body: { error: 'csrf_header_missing' },
        })
    }
    expect((await client.me()).status).toBe(200)
  })

  test('is not asked for where the credential is a header', async () => {
    await using tokens = await testNode({ STILLIN_MODE: 'jwt' })
    const client = new Client(tokens.url)
    await client.login()
    expect((await client.send('PUT', '/me/data', { a: 1 })).status).toBe(200)
    expect((await client.send('POST', '/logout')).status).toBe(204)
  })
})

describe('what is not there', () => {
  test('is 404 in the shape of every other error, and no state change answers GET', async () => {
    for (const path of ['/nothing', '/logout', '/login', '/logout/all'])
      expect(await new Client(node.url).send('GET', path)).toMatchObject({
        status: 404,
        body: { error: 'not_found', message: 'There is nothing at this address that answers GET.' },
      })
  })

  test('a path that cannot be decoded is a bad request', async () => {
    expect(await raw('GET /%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 .*"error":"invalid_request"/s,
    )
  })

  test('what is not HTTP is answered and closed', async () => {
    expect(await raw('HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nconnection: close/)
    expect(await raw(`GET / HTTP/1.1\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*"error":"header_too_large","message":"The address and headers are larger/s,
    )
  })
})
