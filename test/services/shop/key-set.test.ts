import type { JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { KEYS_COOLDOWN_MS } from '#contract/shop.ts'
import { importSigningKeys } from '#services/auth/tokens/signing-keys.ts'
import { type FetchKeys, KeySet, readKeySet } from '#services/shop/key-set.ts'
import { freshKey, freshKeyRing } from '../auth/keys.ts'
import { CLAIMS, forge, LIFETIME_S, NOW_MS } from '../auth/tokens/forge.ts'

const ring = freshKeyRing('ES256')
const later = freshKey('ES256', 'k2')
const published = async (): Promise<readonly JWK[]> => (await importSigningKeys(ring)).published
const publishedLater = async (): Promise<readonly JWK[]> =>
  (await importSigningKeys({ ...ring, signing: { ...ring.signing, keys: [...ring.signing.keys, later] } }))
    .published

/** A key set over an auth service that the test plays, and a clock that it moves. */
function keySet(answer: FetchKeys) {
  let nowMs = 0
  let current = answer
  const set = new KeySet(
    () => current(),
    LIFETIME_S,
    () => nowMs,
  )
  return {
    set,
    pass: (ms: number) => {
      nowMs += ms
    },
    from: (next: FetchKeys) => {
      current = next
    },
    kind: async (kid: string) => {
      const found = await set.verifierFor(kid)
      return typeof found === 'string' ? found : 'verifier'
    },
  }
}

describe('a key set', () => {
  test('is fetched once for many at a time, and not again while it is young', async () => {
    const { set, kind, pass } = keySet(async () => ({ keys: await published() }))
    expect(await Promise.all(Array.from({ length: 20 }, () => kind('k1')))).toEqual(
      Array(20).fill('verifier'),
    )
    pass(59_000)
    expect(await kind('k1')).toBe('verifier')
    expect(set.fetches).toBe(1)
    pass(2_000)
    expect(await kind('k1')).toBe('verifier')
    expect(set.fetches).toBe(2)
  })

  test('finds a key that was rotated in, by one more fetch', async () => {
    const { set, kind, pass, from } = keySet(async () => ({ keys: await published() }))
    expect(await kind('k1')).toBe('verifier')
    pass(KEYS_COOLDOWN_MS)
    from(async () => ({ keys: await publishedLater() }))
    expect(await Promise.all(['k2', 'k2', 'k2'].map(kind))).toEqual(['verifier', 'verifier', 'verifier'])
    expect(set.fetches).toBe(2)
  })

  test('is not fetched for every invented key: one fetch, then it cannot tell until the pause is over', async () => {
    const { set, kind, pass } = keySet(async () => ({ keys: await published() }))
    await kind('k1')
    pass(KEYS_COOLDOWN_MS)
    expect(await kind('forged-0')).toBe('unknown')
    for (let count = 1; count <= 50; count += 1) expect(await kind(`forged-${count}`)).toBe('cooling-down')
    expect(await kind('k1')).toBe('verifier')
    expect(set.fetches).toBe(2)
    pass(KEYS_COOLDOWN_MS)
    expect(await kind('forged-51')).toBe('unknown')
  })

  test('is used on while nobody answers, and never calls a key unknown that nobody was asked about', async () => {
    const { kind, pass, from } = keySet(async () => ({ keys: await published() }))
    await kind('k1')
    from(async () => undefined)
    pass(3_600_000)
    expect(await kind('k1')).toBe('verifier')
    expect(await kind('k2')).toBe('unavailable')
    pass(KEYS_COOLDOWN_MS)
    expect(await kind('k2')).toBe('unavailable')
  })

  test('that was never had lets nobody in', async () => {
    const { kind } = keySet(async () => undefined)
    expect(await kind('k1')).toBe('unavailable')
  })

  test('forgets a key that was taken out once it is fetched again', async () => {
    const { kind, pass, from } = keySet(async () => ({ keys: await publishedLater() }))
    expect(await kind('k2')).toBe('verifier')
    from(async () => ({ keys: await published() }))
    pass(60_000)
    expect(await kind('k2')).toBe('unknown')
  })

  test('says that there are none where a secret is shared', async () => {
    const { kind } = keySet(async () => 'none')
    expect(await kind('k1')).toBe('shared-secret')
  })

  test('takes no secret, no private key, no key for something else and nothing that is no key', async () => {
    const [good] = await published()
    const bad = [
      { ...freshKey('HS256', 'secret') },
      { ...freshKey('ES256', 'private') },
      { ...good, kid: 'encrypts', use: 'enc' },
      { ...good, kid: 'no-algorithm', alg: undefined },
      { ...good, kid: 'none', alg: 'none' },
      { ...good, kid: 'off-curve', x: 'AAAA' },
    ] as unknown as JWK[]
    const { set, kind } = keySet(async () => ({ keys: [...bad, good as JWK] }))
    expect(await kind('k1')).toBe('verifier')
    expect(set.kids).toEqual(['k1'])
  })

  test('checks with the algorithm of the key, whatever the token says', async () => {
    const { set } = keySet(async () => ({ keys: await published() }))
    const verifier = await set.verifierFor('k1')
    if (typeof verifier === 'string') throw new Error(verifier)
    const [key] = ring.signing.keys
    if (key === undefined) throw new Error('no key')
    expect(await verifier.verify(forge(key, CLAIMS), NOW_MS)).toMatchObject({ sub: 'user-1' })
    expect(await verifier.verify(forge(key, CLAIMS, { alg: 'none' }), NOW_MS)).toBe('signature')
    expect(await verifier.verify(forge({ ...freshKey('HS256', 'k1') }, CLAIMS), NOW_MS)).toBe('signature')
    expect(await verifier.verify(forge(key, { ...CLAIMS, exp: undefined }), NOW_MS)).toBe('malformed')
    expect(await verifier.verify(forge(key, { ...CLAIMS, aud: 'another' }), NOW_MS)).toBe('malformed')
  })
})

test('an answer that is no key set is none', () => {
  expect(readKeySet(200, '{"keys":[]}')).toEqual({ keys: [] })
  expect(readKeySet(404, '{"error":"no_public_keys"}')).toBe('none')
  for (const [status, text] of [
    [200, '{"keys":{}}'],
    [200, 'null'],
    [200, '<html>'],
    [404, '{"error":"not_found"}'],
    [503, '{"keys":[]}'],
    [200, `{"keys":[],"pad":"${'x'.repeat(70_000)}"}`],
  ] as const)
    expect(readKeySet(status, text)).toBeUndefined()
})
