import { createSecretKey, type KeyObject, type webcrypto } from 'node:crypto'
import type { JWK } from 'jose'
import { importJWK } from 'jose'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { KeyRing, KeyRingJwk, TokenAlgorithm } from '#contract/keys.ts'

type CryptoKey = webcrypto.CryptoKey

/** The key ring's signing keys, each imported once. */
export interface SigningKeys {
  readonly algorithm: TokenAlgorithm
  readonly current: { readonly kid: string; readonly key: CryptoKey }
  /** By `kid`; the secret itself for HS256, public keys otherwise. */
  readonly verifying: ReadonlyMap<string, CryptoKey>
  /** The shared secrets by `kid` for node:crypto; empty for asymmetric algorithms. */
  readonly secrets: ReadonlyMap<string, KeyObject>
  /** Public parts only; empty for HS256, whose keys are secret on both sides. */
  readonly published: readonly JWK[]
}

/** @throws StillinError (usage) when a key cannot be used. */
export async function importSigningKeys({ signing }: KeyRing): Promise<SigningKeys> {
  const { algorithm, currentKid } = signing
  const verifying = new Map<string, CryptoKey>()
  const secrets = new Map<string, KeyObject>()
  const published: JWK[] = []
  let current: CryptoKey | undefined
  for (const jwk of signing.keys) {
    try {
      if (algorithm === 'HS256') secrets.set(jwk.kid, createSecretKey(secretBytes(jwk)))
      else published.push(publicJwk(jwk))
      const isCurrent = jwk.kid === currentKid
      if (isCurrent) current = await importKey(jwk, algorithm, 'sign')
      verifying.set(
        jwk.kid,
        await importKey(algorithm === 'HS256' ? jwk : publicJwk(jwk), algorithm, 'verify'),
      )
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new StillinError(`STILLIN_KEYS_FILE: key ${jwk.kid}: ${why}`, { exitCode: EXIT.usage })
    }
  }
  if (current === undefined) throw new Error('the key ring was read without its current key')
  return { algorithm, current: { kid: currentKid, key: current }, verifying, secrets, published }
}

/** A CryptoKey also for HS256: jose takes raw bytes too and then imports them again on every call. */
async function importKey(
  jwk: JWK | KeyRingJwk,
  algorithm: TokenAlgorithm,
  use: 'sign' | 'verify',
): Promise<CryptoKey> {
  if (algorithm === 'HS256') {
    const bytes = secretBytes(jwk)
    return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [use])
  }
  const key = await importJWK(jwk, algorithm)
  if (key instanceof Uint8Array) throw new Error(`a secret is no key for ${algorithm}`)
  return key
}

/** RFC 7518, section 3.2: a key of at least the hash's size. */
export function secretBytes(jwk: JWK | KeyRingJwk): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(typeof jwk['k'] === 'string' ? jwk['k'] : '', 'base64url')
  if (jwk.kty !== 'oct' || bytes.length < 32) throw new Error('HS256 needs an oct key of at least 32 bytes')
  return bytes
}

/** Named members only: what is not listed here is not published. */
function publicJwk(jwk: KeyRingJwk): JWK {
  const members = ['kty', 'kid', 'alg', 'crv', 'x', 'y', 'n', 'e']
  return {
    ...Object.fromEntries(Object.entries(jwk).filter(([name]) => members.includes(name))),
    use: 'sig',
  } as JWK
}
