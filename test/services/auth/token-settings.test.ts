import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { KeyRing } from '#contract/keys.ts'
import { systemClock } from '#services/auth/clock.ts'
import { readNodeConfig } from '#services/auth/config.ts'
import { buildNode } from '#services/auth/node.ts'
import { testRedis } from '../../redis.ts'
import { Client } from './client.ts'
import { freshKey, freshKeyRing } from './keys.ts'
import { nodeEnvironment, temporaryFolder, testNode } from './test-node.ts'

const SIGNATURE = { status: 401, body: { reason: 'signature' } }

function tokenOf(client: Client): string {
  return client.headers['authorization']?.replace('Bearer ', '') ?? ''
}

describe('encrypted tokens', () => {
  const settings = { STILLIN_MODE: 'jwt', STILLIN_JWT_ENCRYPT: '1' }

  test('say nothing to who holds them, and everything to the nodes', async () => {
    await using node = await testNode(settings)
    const client = new Client(node.url)
    await client.login('user-7')
    const segments = tokenOf(client).split('.')
    expect(segments).toHaveLength(5)
    const header = JSON.parse(Buffer.from(segments[0] ?? '', 'base64url').toString()) as object
    expect(header).toEqual({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', kid: 'k1' })
    expect(Buffer.from(segments[3] ?? '', 'base64url').toString('latin1')).not.toContain('user-7')
    expect((await client.me()).body).toMatchObject({ id: 'user-7', role: 'user' })
    expect((await client.write({ cart: ['tea'] })).status).toBe(200)
    expect((await client.send('GET', '/me/data')).body).toEqual({ data: { cart: ['tea'] } })
    node.advance(301_000)
    expect(await client.me()).toMatchObject({ status: 401, body: { reason: 'expired' } })
  })

  test('are refused when any part of them was changed, or when they are somebody else’s', async () => {
    await using node = await testNode(settings)
    await using other = await testNode(settings)
    const client = new Client(node.url)
    await client.login()
    const segments = tokenOf(client).split('.')
    const changed = (index: number, to: (segment: string) => string) =>
      segments.map((segment, at) => (at === index ? to(segment) : segment)).join('.')
    const flip = (segment: string) => `${segment.startsWith('A') ? 'B' : 'A'}${segment.slice(1)}`
    const ask = async (token: string) => {
      const asking = new Client(node.url)
      asking.headers = { authorization: `Bearer ${token}` }
      return asking.me()
    }
    for (const index of [2, 3, 4]) expect(await ask(changed(index, flip))).toMatchObject(SIGNATURE)
    const header = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const token of [
      changed(0, () => header({ alg: 'dir', enc: 'A256GCM', kid: 'k1' })),
      changed(0, () => header({ alg: 'dir', enc: 'A128GCM', typ: 'at+jwt', kid: 'k1' })),
      changed(0, () => header({ alg: 'none', typ: 'at+jwt', kid: 'k1' })),
      changed(1, () => 'AAAA'),
      changed(4, (tag) => `${tag}=`),
      segments.slice(0, 3).join('.'),
    ])
      expect([token, (await ask(token)).status]).toEqual([token, 401])
    const stranger = new Client(other.url)
    await stranger.login()
    expect(await ask(tokenOf(stranger))).toMatchObject(SIGNATURE)
  })

  test('are revoked as signed ones are', async () => {
    await using redis = await testRedis()
    await using node = await testNode({
      ...settings,
      STILLIN_MODE: 'jwt-denylist',
      STILLIN_REDIS_URL: redis.url,
    })
    const client = new Client(node.url)
    await client.login()
    expect((await client.me()).status).toBe(200)
    await client.twin().logout()
    expect(await client.me()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
  })

  test('need a shared secret, and jose', async () => {
    await expect(testNode(settings, freshKeyRing('ES256'))).rejects.toThrow(/STILLIN_JWT_ENCRYPT.*HS256/)
    await expect(testNode({ ...settings, STILLIN_JWT_VERIFIER: 'node' })).rejects.toThrow(
      /STILLIN_JWT_ENCRYPT/,
    )
  })
})

describe('tokens that are remembered as verified', () => {
  test('end when they expire, and are asked for when somebody knows what was revoked', async () => {
    await using redis = await testRedis()
    await using node = await testNode({
      STILLIN_MODE: 'jwt-denylist',
      STILLIN_REDIS_URL: redis.url,
      STILLIN_JWT_CACHE: '2',
    })
    const [first, second] = [new Client(node.url), new Client(node.url)]
    for (const client of [first, second]) {
      await client.login()
      for (let asked = 0; asked < 3; asked += 1) expect((await client.me()).status).toBe(200)
    }
    await first.twin().logout()
    expect(await first.me()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    expect((await second.me()).status).toBe(200)
    node.advance(300_000)
    expect(await second.me()).toMatchObject({ status: 401, body: { reason: 'expired' } })
  })
})

describe.each([
  ['signed', {}],
  ['signed and remembered', { STILLIN_JWT_CACHE: '100' }],
  ['encrypted', { STILLIN_JWT_ENCRYPT: '1' }],
])('keys that change under tokens which are %s', (_name, settings) => {
  async function nodeWithFile() {
    const folder = temporaryFolder()
    const ring = freshKeyRing()
    const environment = nodeEnvironment(folder.path, ring, { STILLIN_MODE: 'jwt', ...settings })
    const node = await buildNode(readNodeConfig(environment), systemClock())
    const { url, adminUrl } = await node.listen()
    const file = join(folder.path, 'keys.json')
    const put = async () => {
      const headers = { authorization: `Bearer ${environment.STILLIN_ADMIN_TOKEN}` }
      const answer = await fetch(`${adminUrl}/keys`, { method: 'PUT', headers })
      return [answer.status, await answer.json()] as const
    }
    return {
      url,
      ring,
      rotate: (next: object) => {
        writeFileSync(file, JSON.stringify(next))
        return put()
      },
      async [Symbol.asyncDispose]() {
        await node.drain(1_000)
        folder[Symbol.dispose]()
      },
    }
  }
  const ringWith = (ring: KeyRing, currentKid: string, keys: KeyRing['signing']['keys']): KeyRing => ({
    ...ring,
    signing: { ...ring.signing, currentKid, keys },
  })

  test('leave old tokens good while the old key is there, and refuse them at once when it is gone', async () => {
    await using node = await nodeWithFile()
    const { ring } = node
    const [before, after] = [new Client(node.url), new Client(node.url)]
    await before.login()
    expect((await before.me()).status).toBe(200)
    const next = freshKey('HS256', 'k2')
    const both = [...ring.signing.keys, next]
    expect(await node.rotate(ringWith(ring, 'k2', both))).toEqual([
      200,
      { algorithm: 'HS256', currentKid: 'k2', kids: ['k1', 'k2'] },
    ])
    expect((await before.me()).status).toBe(200)
    await after.login()
    const header = JSON.parse(Buffer.from(tokenOf(after).split('.')[0] ?? '', 'base64url').toString())
    expect(header).toMatchObject({ kid: 'k2' })
    await node.rotate(ringWith(ring, 'k2', [next]))
    expect(await before.me()).toMatchObject(SIGNATURE)
    expect((await after.me()).status).toBe(200)
  })

  test('stay as they are when the file cannot be used', async () => {
    await using node = await nodeWithFile()
    const { ring } = node
    const client = new Client(node.url)
    await client.login()
    const unfit = { error: 'key_ring_unfit' }
    for (const next of [
      { nonsense: true },
      ringWith(ring, 'k9', ring.signing.keys),
      { ...freshKeyRing(), cookieSecret: freshKeyRing().cookieSecret },
      freshKeyRing('ES256'),
      ringWith(ring, 'k1', [{ kid: 'k1', alg: 'HS256', kty: 'oct', k: 'c2hvcnQ' }]),
    ])
      expect(await node.rotate(next)).toMatchObject([409, unfit])
    expect((await client.me()).status).toBe(200)
    expect((await new Client(node.url).login()).status).toBe(200)
  })
})
