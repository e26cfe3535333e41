import { MODES } from '#contract/modes.ts'
import { longestLoginS } from '../login-span.ts'
import { RedisStore } from '../sessions/redis-store.ts'
import { Denylist } from '../tokens/denylist.ts'
import { KnownRevocations } from '../tokens/known-revocations.ts'
import { PushedRevocations } from '../tokens/pushed-revocations.ts'
import { RevocationFeed } from '../tokens/revocation-feed.ts'
import { SessionRevocations } from '../tokens/session-revocations.ts'
import type { CredentialStrategy } from './credential-strategy.ts'
import { connectRedis, redisUrlFor } from './redis-of-mode.ts'
import type { StrategyParts } from './strategies.ts'
import { TokenStrategy } from './token-strategy.ts'

/** `jwt`: by signature alone. */
export async function inToken({ codec, clock }: StrategyParts): Promise<CredentialStrategy> {
  return new TokenStrategy({ mode: MODES.jwt, codec: await codec(), clock })
}

/** `jwt-denylist`: by signature, and then Redis is asked. */
export async function inTokenWithDenylist(parts: StrategyParts): Promise<CredentialStrategy> {
  const { clock } = parts
  const mode = MODES['jwt-denylist']
  const revocations = new Denylist(await connectRedis(mode, parts))
  return new TokenStrategy({ mode, codec: await parts.codec(), clock, revocations })
}

/** `jwt-pushed`: by signature, and against what was pushed into this node's memory. */
export async function inTokenWithPush(parts: StrategyParts): Promise<CredentialStrategy> {
  const { config, clock, countCommands } = parts
  const mode = MODES['jwt-pushed']
  const connection = await connectRedis(mode, parts)
  const known = new KnownRevocations(longestLoginS(config) * 1000)
  const feed = new RevocationFeed(known, {
    url: redisUrlFor(mode, config.redisUrl),
    boundMs: config.pushedBoundMs,
    timeoutMs: config.redisTimeoutMs,
    clock,
    countCommands,
  })
  await feed.start()
  const revocations = new PushedRevocations(connection, feed, known)
  return new TokenStrategy({ mode, codec: await parts.codec(), clock, revocations })
}

/** `jwt-hybrid`: by signature, and a session in Redis is asked for what matters. */
export async function inTokenWithSession(parts: StrategyParts): Promise<CredentialStrategy> {
  const { config, clock } = parts
  const mode = MODES['jwt-hybrid']
  // Lookups do not touch the session, so that only its absolute end can be kept.
  const store = new RedisStore(
    await connectRedis(mode, parts),
    clock,
    longestLoginS(config) * 1000,
    config.limits,
  )
  const revocations = new SessionRevocations(store)
  return new TokenStrategy({
    mode,
    codec: await parts.codec(),
    clock,
    revocations,
    asked: 'for-what-matters',
  })
}
