import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readNodeConfig } from '#services/auth/config.ts'
import { Client } from './client.ts'
import { freshKeyRing } from './keys.ts'
import { nodeEnvironment, type TestNode, temporaryFolder, testNode } from './test-node.ts'

const PATH = '/demo/unprotected-transfer'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const TEXT = { 'content-type': 'text/plain' }

describe('the unprotected route', () => {
  test('is not there unless the setting asks for it', async () => {
    await using node = await testNode()
    const client = new Client(node.url)
    await client.login()
    expect((await client.send('POST', PATH, '{"amount":1}')).status).toBe(404)
    expect((await client.send('GET', `${PATH}?amount=1`)).status).toBe(404)
  })

  test('is refused as a setting of another kind, by name', () => {
    using folder = temporaryFolder()
    const environment = nodeEnvironment(folder.path, freshKeyRing(), { STILLIN_UNPROTECTED_ROUTE: 'yes' })
    expect(() => readNodeConfig(environment)).toThrow(
      'STILLIN_UNPROTECTED_ROUTE: expected one of 0, 1, got "yes"',
    )
  })
})

describe('where the unprotected route is switched on', () => {
  let node: TestNode
  const client = () => new Client(node.url)
  beforeAll(async () => {
    node = await testNode({ STILLIN_UNPROTECTED_ROUTE: '1' })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('it does what a form, a text that is JSON and a link say, with nothing but the cookie', async () => {
    const victim = client()
    await victim.login()
    const done = { status: 200, body: { id: 'user-1', amount: 7, mode: 'local', node: 'node-1' } }
    expect(await victim.send('POST', PATH, 'amount=7', FORM)).toMatchObject(done)
    expect(await victim.send('POST', PATH, '{"amount":7,"x":"="}', TEXT)).toMatchObject(done)
    expect(await victim.send('POST', `${PATH}?amount=7`)).toMatchObject(done)
    expect(await victim.send('GET', `${PATH}?amount=7`)).toMatchObject(done)
  })

  test('it wants a login and an amount all the same', async () => {
    expect(await client().send('POST', PATH, 'amount=7', FORM)).toMatchObject({ status: 401 })
    const victim = client()
    await victim.login()
    for (const body of ['amount=x', 'amount=0', 'amount=1.5', ''])
      expect(await victim.send('POST', PATH, body, FORM)).toMatchObject({ status: 400 })
    expect(await victim.send('POST', PATH, 'amount=7', TEXT)).toMatchObject({ status: 400 })
  })

  test('other routes take no form and no text, and want their header, as ever', async () => {
    const victim = client()
    await victim.login()
    for (const kind of [FORM, TEXT]) {
      const answer = await victim.send('POST', '/transfer', '{"amount":7,"password":"x"}', kind)
      expect(answer).toMatchObject({ status: 415 })
    }
    expect(await victim.send('POST', '/logout')).toMatchObject({
      status: 403,
      body: { error: 'csrf_header_missing' },
    })
    expect((await victim.send('GET', '/transfer?amount=7')).status).toBe(404)
    expect((await victim.me()).status).toBe(200)
  })
})
