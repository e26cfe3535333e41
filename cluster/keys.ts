import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import type { KeyRing, KeyRingJwk, TokenAlgorithm } from '#contract/keys.ts'

const SECRET_BYTES = 32
const RSA_BITS = 2048

/** A new ring with one signing key. */
export function createKeyRing(algorithm: TokenAlgorithm): KeyRing {
  const key = createSigningKey(algorithm)
  return {
    cookieSecret: randomBytes(SECRET_BYTES).toString('base64url'),
    signing: { algorithm, currentKid: key.kid, keys: [key] },
  }
}

/** Writes the ring to a file that only this user can read; an existing one is replaced in one step. */
export async function writeKeyRing(file: string, ring: KeyRing): Promise<void> {
  await writePrivateFile(file, `${JSON.stringify(ring, undefined, 2)}\n`)
}

/** A random bearer token, 256 bits. */
export function createToken(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** Writes a file of mode 0600, whole or not at all. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`
  try {
    await writeFile(partial, text, { mode: 0o600, flag: 'wx' })
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** A private JWK (RFC 7517; EdDSA as in RFC 8037) with a random key id. */
function createSigningKey(algorithm: TokenAlgorithm): KeyRingJwk {
  const named = { kid: randomBytes(9).toString('base64url'), alg: algorithm, use: 'sig' }
  if (algorithm === 'HS256') {
    return { ...named, kty: 'oct', k: randomBytes(SECRET_BYTES).toString('base64url') }
  }
  const { kty, ...members } = generateKeyPair(algorithm).privateKey.export({ format: 'jwk' })
  if (kty === undefined) throw new Error(`a key for ${algorithm} was exported without its type`)
  return { ...members, ...named, kty }
}

function generateKeyPair(algorithm: Exclude<TokenAlgorithm, 'HS256'>) {
  switch (algorithm) {
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'EdDSA':
      return generateKeyPairSync('ed25519')
  }
}
