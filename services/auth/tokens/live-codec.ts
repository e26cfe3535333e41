import type { KeyRing } from '#contract/keys.ts'
import type { NodeConfig } from '../config.ts'
import type { LiveKeyRing } from '../live-key-ring.ts'
import type { TokenCodec } from './token-codec.ts'

export type TokenSettings = Pick<NodeConfig, 'jwtVerifier' | 'jwtEncrypt' | 'jwtCache' | 'lifetimeS'>

/** The codec that all token modes of a node share, built when the first of them is, and anew when the keys change. */
export function liveCodec(settings: TokenSettings, ring: LiveKeyRing): () => Promise<TokenCodec> {
  let building: Promise<TokenCodec> | undefined
  return () => {
    building ??= build(settings, ring)
    return building
  }
}

async function build(settings: TokenSettings, ring: LiveKeyRing): Promise<TokenCodec> {
  let inUse: TokenCodec | undefined
  const use = async (next: KeyRing) => {
    const codec = await createCodec(settings, next)
    // While it was built the keys may have changed again.
    if (next === ring.current) inUse = codec
  }
  ring.onChange(use)
  while (inUse === undefined) await use(ring.current)
  const first: TokenCodec = inUse
  return {
    seal: (claims) => (inUse ?? first).seal(claims),
    open: (token, nowMs) => (inUse ?? first).open(token, nowMs),
  }
}

/** A codec of its own cache each time: nothing that was verified with a former key is taken over. */
async function createCodec(settings: TokenSettings, ring: KeyRing): Promise<TokenCodec> {
  const codec = settings.jwtEncrypt
    ? await (await import('./encrypted-tokens.ts')).encryptedTokens(settings, ring)
    : await (await import('./token-codec.ts')).signedTokens(settings, ring)
  if (settings.jwtCache === 0) return codec
  const { withVerifiedCache } = await import('./verified-cache.ts')
  return withVerifiedCache(codec, settings.jwtCache)
}
