import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { KeyRingJwk } from '#contract/keys.ts'
import { joseVerifier } from '#services/auth/tokens/jose-verifier.ts'
import { importSigningKeys } from '#services/auth/tokens/signing-keys.ts'
import { freshKeyRing } from '../keys.ts'
import { CLAIMS, forge, LIFETIME_S, NOW_MS } from './forge.ts'

describe('the key ring', () => {
  test('keeps the public key from being used as a shared secret', async () => {
    const ring = freshKeyRing('RS256')
    const verifier = joseVerifier(await importSigningKeys(ring), LIFETIME_S)
    const [key] = ring.signing.keys as [KeyRingJwk]
    const secret = Buffer.from(JSON.stringify({ kty: 'RSA', n: key['n'], e: key['e'] })).toString('base64url')
    const forged = forge({ kid: key.kid, alg: 'HS256', kty: 'oct', k: secret }, CLAIMS)
    expect(await verifier.verify(forged, NOW_MS)).toBe('signature')
  })

  test('publishes public members only', async () => {
    for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
      const { published } = await importSigningKeys(freshKeyRing(algorithm))
      expect(published).toHaveLength(1)
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
        expect(published[0]).not.toHaveProperty(secret)
      expect(published[0]).toMatchObject({ kid: 'k1', alg: algorithm, use: 'sig' })
    }
    expect((await importSigningKeys(freshKeyRing('HS256'))).published).toEqual([])
  })

  test('refuses a shared secret shorter than its hash', async () => {
    const ring = freshKeyRing()
    ring.signing.keys = [{ kid: 'k1', alg: 'HS256', kty: 'oct', k: randomBytes(31).toString('base64url') }]
    await expect(importSigningKeys(ring)).rejects.toThrow(/key k1: .*at least 32 bytes/)
  })
})
