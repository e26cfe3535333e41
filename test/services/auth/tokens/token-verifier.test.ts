import { describe, expect, test } from 'vitest'
import type { KeyRing, KeyRingJwk, TokenAlgorithm } from '#contract/keys.ts'
import { joseVerifier } from '#services/auth/tokens/jose-verifier.ts'
import { nodeVerifier } from '#services/auth/tokens/node-verifier.ts'
import { importSigningKeys } from '#services/auth/tokens/signing-keys.ts'
import { freshKey, freshKeyRing } from '../keys.ts'
import { CLAIMS, encode, forge, LIFETIME_S, NOW_MS, NOW_S, signBytes } from './forge.ts'

const SUBJECTS: [string, TokenAlgorithm, typeof nodeVerifier][] = [
  ['jose, HS256', 'HS256', joseVerifier],
  ['node, HS256', 'HS256', nodeVerifier],
  ['jose, RS256', 'RS256', joseVerifier],
  ['jose, ES256', 'ES256', joseVerifier],
  ['jose, EdDSA', 'EdDSA', joseVerifier],
]

describe.each(SUBJECTS)('the verifier by %s', (_name, algorithm, create) => {
  const ring: KeyRing = freshKeyRing(algorithm)
  const older = freshKey(algorithm, 'k0')
  ring.signing.keys = [...ring.signing.keys, older]
  const [key] = ring.signing.keys as [KeyRingJwk]
  const verifying = importSigningKeys(ring).then((keys) => create(keys, LIFETIME_S))
  const verify = async (token: string) => (await verifying).verify(token, NOW_MS)
  const verdicts = async (tokens: Record<string, string>) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(tokens).map(async ([name, token]) => {
          const verdict = await verify(token)
          return [name, typeof verdict === 'string' ? verdict : 'accepted']
        }),
      ),
    )
  const all = (names: readonly string[], verdict: string) =>
    Object.fromEntries(names.map((name) => [name, verdict]))

  test('accepts a token of ours, by the current key and by one that is still in the ring', async () => {
    expect(await verify(forge(key, CLAIMS))).toMatchObject({ sub: 'user-1', role: 'user' })
    expect(await verify(forge(older, CLAIMS))).toMatchObject({ sub: 'user-1' })
    expect(await verify(forge(key, CLAIMS, { typ: 'application/AT+JWT' }))).toMatchObject({ sub: 'user-1' })
  })

  test('refuses another signature, another key, another algorithm, and none', async () => {
    const [header = '', payload = '', signature = ''] = forge(key, CLAIMS).split('.')
    const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
    const none = (alg: string) => `${encode({ alg, typ: 'at+jwt', kid: key.kid })}.${payload}`
    const tokens = {
      'a changed signature': `${header}.${payload}.${flipped}`,
      'a changed payload': `${header}.${encode({ ...CLAIMS, sub: 'user-2' })}.${signature}`,
      'a changed header': `${encode({ alg: algorithm, typ: 'at+jwt', kid: 'k0' })}.${payload}.${signature}`,
      'an unknown key': forge({ ...key, kid: 'k9' }, CLAIMS),
      'another key under this name': forge({ ...freshKey(algorithm, 'k9'), kid: key.kid }, CLAIMS),
      'no key named': forge(key, CLAIMS, { kid: undefined }),
      'alg none': `${none('none')}.${signature}`,
      'alg NONE': `${none('NONE')}.${signature}`,
      'another HMAC': forge(key, CLAIMS, { alg: 'HS512' }),
      'another family': forge(key, CLAIMS, { alg: algorithm === 'RS256' ? 'PS256' : 'RS256' }),
    }
    expect(await verdicts(tokens)).toEqual(all(Object.keys(tokens), 'signature'))
  })

  test('refuses what is not typed as an access token', async () => {
    const tokens = Object.fromEntries(
      [undefined, 'JWT', 'jwt', 'logout+jwt', 'at+jwtx', 7, null, ['at+jwt']].map((typ) => [
        `typ ${JSON.stringify(typ)}`,
        forge(key, CLAIMS, { typ }),
      ]),
    )
    expect(await verdicts(tokens)).toEqual(all(Object.keys(tokens), 'malformed'))
  })

  test('refuses headers that ask for what nobody here understands', async () => {
    const tokens = {
      crit: forge(key, CLAIMS, { crit: ['exp'] }),
      'crit b64': forge(key, CLAIMS, { crit: ['b64'], b64: false }),
      'crit empty': forge(key, CLAIMS, { crit: [] }),
      'alg missing': forge(key, CLAIMS, { alg: undefined }),
      'alg a list': forge(key, CLAIMS, { alg: ['HS256'] }),
    }
    expect(await verdicts(tokens)).toEqual(all(Object.keys(tokens), 'malformed'))
  })

  test('refuses a token that lacks any claim', async () => {
    const tokens = Object.fromEntries(
      Object.keys(CLAIMS).map((claim) => [
        `no ${claim}`,
        forge(key, Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim))),
      ]),
    )
    expect(await verdicts(tokens)).toEqual(all(Object.keys(tokens), 'malformed'))
  })

  test('refuses claims of another kind or for somebody else', async () => {
    const tokens = Object.fromEntries(
      [
        { iss: 'elsewhere' },
        { iss: ['stillin'] },
        { aud: 'shop' },
        { aud: ['stillin', 'shop'] },
        { aud: [] },
        { client_id: 'other' },
        { sub: 7 },
        { sub: null },
        { role: ['admin'] },
        { jti: 1 },
        { login_at: 0 },
        { data: 'text' },
        { iat: '1' },
        { exp: String(NOW_S + 10) },
        { exp: null },
        { nbf: NOW_S + 60 },
        { nbf: 'now' },
      ].map((change) => [JSON.stringify(change), forge(key, { ...CLAIMS, ...change })]),
    )
    expect(await verdicts(tokens)).toEqual(all(Object.keys(tokens), 'malformed'))
  })

  test('lets a token begin five seconds ahead but end on time, and live no longer than ours', async () => {
    const times = (iat: number, exp: number) => forge(key, { ...CLAIMS, iat: NOW_S + iat, exp: NOW_S + exp })
    expect(
      await verdicts({
        'over in 1 s': times(-200, 1),
        'over this second': times(-200, 0),
        'expired 1 s ago': times(-200, -1),
        'issued 5 s ahead': times(5, 100),
        'issued 6 s ahead': times(6, 100),
        'issued in a year': times(31_536_000, 31_536_100),
        'lives 1 s too long': times(-1, 300),
        'lives for ever': forge(key, { ...CLAIMS, exp: 1e300 }),
        'issued at the beginning of time': forge(key, { ...CLAIMS, iat: 0 }),
        'ended before it began': times(4, 3),
      }),
    ).toEqual({
      'over in 1 s': 'accepted',
      'over this second': 'expired',
      'expired 1 s ago': 'expired',
      'issued 5 s ahead': 'accepted',
      'issued 6 s ahead': 'malformed',
      'issued in a year': 'malformed',
      'lives 1 s too long': 'malformed',
      'lives for ever': 'malformed',
      'issued at the beginning of time': 'expired',
      'ended before it began': 'malformed',
    })
  })

  test('refuses a payload that is no object', async () => {
    const tokens = Object.fromEntries(
      ['null', '7', '"x"', '[]', '{', '', '\u0000'].map((text) => [`payload ${text}`, forge(key, text)]),
    )
    expect(await verdicts(tokens)).toEqual(all(Object.keys(tokens), 'malformed'))
  })

  test('refuses a header that is no object', async () => {
    const tokens = Object.fromEntries(
      ['null', '7', '[]', '{', ' '].map((text) => {
        const signed = `${encode(text)}.${encode(CLAIMS)}`
        return [`header ${text}`, `${signed}.${signBytes(key, Buffer.from(signed)).toString('base64url')}`]
      }),
    )
    expect(await verdicts(tokens)).toEqual(all(Object.keys(tokens), 'malformed'))
  })
})
