import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { KeyRing, KeyRingJwk, TokenAlgorithm } from '#contract/keys.ts'

/** The file that holds the keys which the nodes share. */
export interface KeyFile {
  read(): Promise<KeyRing>
  /** Whole or not at all, readable by this user only. */
  write(ring: KeyRing): Promise<void>
}

export function keyFile(path: string): KeyFile {
  return {
    read: async () => JSON.parse(await readFile(path, 'utf8')) as KeyRing,
    async write(ring) {
      const partial = `${path}.${process.pid}.partial`
      try {
        await writeFile(partial, `${JSON.stringify(ring, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
        await rename(partial, path)
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
    },
  }
}

/** A private JWK (RFC 7517) with a random key id. The library is loaded when somebody first rotates. */
export async function newSigningKey(alg: TokenAlgorithm): Promise<KeyRingJwk> {
  const { exportJWK, generateKeyPair, generateSecret } = await import('jose')
  const key =
    alg === 'HS256'
      ? await generateSecret(alg, { extractable: true })
      : (
          await generateKeyPair(alg, {
            extractable: true,
            ...(alg === 'RS256' ? { modulusLength: 2048 } : {}),
          })
        ).privateKey
  const { kty, ...members } = await exportJWK(key)
  if (kty === undefined) throw new Error(`a key for ${alg} was exported without its type`)
  return { ...members, kty, alg, use: 'sig', kid: randomBytes(9).toString('base64url') }
}
