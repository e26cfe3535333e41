import type { KeyRing } from '#contract/keys.ts'

/** The JWK set to publish; undefined for HS256. Keys are read when somebody first asks. */
export function publicKeySource(keyRing: KeyRing): () => Promise<object | undefined> {
  return async () => {
    if (keyRing.signing.algorithm === 'HS256') return undefined
    const { importSigningKeys } = await import('./signing-keys.ts')
    return { keys: (await importSigningKeys(keyRing)).published }
  }
}
