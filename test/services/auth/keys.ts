import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyRing, KeyRingJwk, TokenAlgorithm } from '#contract/keys.ts'

/** A key ring with one fresh key. */
export function freshKeyRing(algorithm: TokenAlgorithm = 'HS256'): KeyRing {
  return {
    cookieSecret: randomBytes(32).toString('base64url'),
    signing: { algorithm, currentKid: 'k1', keys: [freshKey(algorithm, 'k1')] },
  }
}

export function freshKey(algorithm: TokenAlgorithm, kid: string): KeyRingJwk {
  if (algorithm === 'HS256')
    return { kid, alg: algorithm, kty: 'oct', k: randomBytes(32).toString('base64url') }
  const jwk = privateKey(algorithm).export({ format: 'jwk' })
  return { ...jwk, kid, alg: algorithm, kty: String(jwk.kty) }
}

function privateKey(algorithm: 'RS256' | 'ES256' | 'EdDSA') {
  switch (algorithm) {
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    case 'EdDSA':
      return generateKeyPairSync('ed25519').privateKey
  }
}
