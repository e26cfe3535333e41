import type { webcrypto } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { KeyRing, KeyRingJwk } from '#contract/keys.ts'
import type { NodeConfig } from '../config.ts'
import { deriveKey } from '../key-ring.ts'
import { isCanonicalEncryptedToken } from './canonical-token.ts'
import { asAccessClaims, hasExpired, TOKEN_TYPE } from './claims.ts'
import { claimChecks, reasonFor } from './jose-verifier.ts'
import { secretBytes } from './signing-keys.ts'
import type { TokenCodec } from './token-codec.ts'

const ENCRYPTION = 'A256GCM'

/**
 * Tokens that only the nodes can read: `dir` with A256GCM (RFC 7518, sections 4.5 and 5.3), each key derived from a
 * signing secret of the ring and rotated with it. GCM's tag is what a signature is elsewhere: who holds no key makes
 * no token.
 */
export async function encryptedTokens(
  { lifetimeS }: Pick<NodeConfig, 'lifetimeS'>,
  { signing }: KeyRing,
): Promise<TokenCodec> {
  const keys = new Map<string, webcrypto.CryptoKey>()
  for (const jwk of signing.keys) keys.set(jwk.kid, await encryptionKey(secretOf(jwk)))
  const current = keys.get(signing.currentKid)
  if (current === undefined) throw new Error('the key ring was read without its current key')
  const checks = {
    ...claimChecks(lifetimeS),
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: [ENCRYPTION],
  }
  const keyFor = ({ kid }: { kid?: string }) => {
    const key = keys.get(kid ?? '')
    if (key === undefined) throw new errors.JWKSNoMatchingKey()
    return key
  }
  return {
    seal: (claims) =>
      new EncryptJWT({ ...claims })
        .setProtectedHeader({ alg: 'dir', enc: ENCRYPTION, typ: TOKEN_TYPE, kid: signing.currentKid })
        .encrypt(current),
    async open(token, nowMs) {
      if (!isCanonicalEncryptedToken(token)) return 'malformed'
      try {
        const { payload } = await jwtDecrypt(token, keyFor, { ...checks, currentDate: new Date(nowMs) })
        if (payload.exp !== undefined && hasExpired(payload.exp, nowMs)) return 'expired'
        return asAccessClaims(payload, lifetimeS) ?? 'malformed'
      } catch (error) {
        if (error instanceof errors.JOSEError) return reasonFor(error)
        throw error
      }
    },
  }
}

function secretOf(jwk: KeyRingJwk): string {
  try {
    return secretBytes(jwk).toString('base64url')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StillinError(`STILLIN_KEYS_FILE: key ${jwk.kid}: ${why}`, { exitCode: EXIT.usage })
  }
}

function encryptionKey(secret: string): Promise<webcrypto.CryptoKey> {
  const bytes = Buffer.from(deriveKey(secret, 'token encryption'), 'base64url')
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}
