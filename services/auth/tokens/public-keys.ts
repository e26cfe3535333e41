import type { LiveKeyRing } from '../live-key-ring.ts'

/** The JWK set to publish; undefined for HS256. Keys are read when somebody first asks. */
export function publicKeySource(ring: LiveKeyRing): () => Promise<object | undefined> {
  return async () => {
    if (ring.current.signing.algorithm === 'HS256') return undefined
    const { importSigningKeys } = await import('./signing-keys.ts')
    return { keys: (await importSigningKeys(ring.current)).published }
  }
}
