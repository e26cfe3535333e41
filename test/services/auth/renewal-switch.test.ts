import { expect, test } from 'vitest'
import { Client } from './client.ts'
import { testNode } from './test-node.ts'

test('a running node changes how logins last, and forgets none', async () => {
  await using node = await testNode({
    STILLIN_MODE: 'local',
    STILLIN_RENEWAL: 'rolling',
    STILLIN_REFRESH: 'stateless',
  })
  const client = new Client(node.url)
  await client.login()
  const put = (body: object) => node.admin('PUT', '/renewal', body)
  expect(await (await put({ renewal: 'fixed' })).json()).toEqual({ renewal: 'fixed', refresh: 'stateless' })
  expect((await client.me()).status).toBe(200)
  await node.switchTo('jwt', 2)
  const bearer = new Client(node.url)
  await bearer.login()
  const lookup = await bearer.me()
  expect(lookup.headers.get('x-access-token')).toBeNull()
  expect(lookup.headers.get('x-revocation')).toBe('at-expiry;s=300')
  await put({ renewal: 'rolling' })
  // Made to end at a fixed time, it does.
  expect((await bearer.me()).headers.get('x-access-token')).toBeNull()
  await bearer.login()
  const renewed = await bearer.me()
  expect(renewed.headers.get('x-access-token')).toMatch(/^ey/)
  expect(renewed.headers.get('x-revocation')).toBe('at-expiry;s=3600')
  await put({ renewal: 'pair', refresh: 'stateless' })
  await bearer.login()
  expect((await bearer.refresh()).status).toBe(200)
  await node.switchTo('local', 3)
  expect((await client.me()).status).toBe(200)
  await node.admin('POST', '/users/user-1/ban', { banned: true })
  expect((await client.me()).status).toBe(401)
  expect((await bearer.refresh()).status).not.toBe(200)
})

test('a node that was not started as rolling does not begin to, and nonsense is refused by name', async () => {
  await using node = await testNode({ STILLIN_MODE: 'jwt' })
  const refused = await node.admin('PUT', '/renewal', { renewal: 'rolling' })
  expect([refused.status, await refused.json()]).toMatchObject([
    409,
    { error: 'renewal_unavailable', message: expect.stringContaining('STILLIN_RENEWAL=rolling') },
  ])
  expect((await node.admin('PUT', '/renewal', { renewal: 'often' })).status).toBe(400)
  expect((await node.admin('PUT', '/renewal', { renewal: 'fixed' })).status).toBe(200)
})

test('a node that starts in a cluster whose renewal was changed renews in that way from its first login on', async () => {
  await using node = await testNode({
    STILLIN_MODE: 'jwt',
    STILLIN_RENEWAL_NOW: 'pair',
    STILLIN_REFRESH_NOW: 'stateless',
  })
  expect((await node.usage()).renewal).toEqual({ renewal: 'pair', refresh: 'stateless' })
  const client = new Client(node.url)
  await client.login()
  expect((await client.refresh()).status).toBe(200)
})
