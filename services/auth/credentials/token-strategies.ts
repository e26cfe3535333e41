import { MODES } from '#contract/modes.ts'
import { Denylist } from '../tokens/denylist.ts'
import { signedTokens } from '../tokens/token-codec.ts'
import type { CredentialStrategy } from './credential-strategy.ts'
import { connectRedis } from './redis-of-mode.ts'
import type { StrategyParts } from './strategies.ts'
import { TokenStrategy } from './token-strategy.ts'

/** `jwt`: by signature alone. */
export async function inToken({ config, keyRing, clock }: StrategyParts): Promise<CredentialStrategy> {
  return new TokenStrategy({ mode: MODES.jwt, codec: await signedTokens(config, keyRing), clock })
}

/** `jwt-denylist`: by signature, and then Redis is asked. */
export async function inTokenWithDenylist(parts: StrategyParts): Promise<CredentialStrategy> {
  const { config, keyRing, clock } = parts
  const mode = MODES['jwt-denylist']
  const codec = await signedTokens(config, keyRing)
  const revocations = new Denylist(await connectRedis(mode, parts), clock)
  return new TokenStrategy({ mode, codec, clock, revocations })
}
