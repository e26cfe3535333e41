import type { KeyRing } from '#contract/keys.ts'
import type { ModeName } from '#contract/modes.ts'
import { MODES } from '#contract/modes.ts'
import type { Clock } from '../clock.ts'
import type { NodeConfig } from '../config.ts'
import { deriveKey } from '../key-ring.ts'
import { centralRecords } from '../records/open-records.ts'
import type { MemoryStore } from '../sessions/memory-store.ts'
import type { ReplicationHost } from '../sessions/replication/replication-host.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { TokenCodec } from '../tokens/token-codec.ts'
import type { CredentialStrategy } from './credential-strategy.ts'
import { sessionCookie } from './session-cookie.ts'
import { inCachedRedis, inStockRedis, replicated } from './session-strategies.ts'

/** What strategies are made of; owned by the node and shared by its modes. */
export interface StrategyParts {
  readonly config: NodeConfig
  readonly keyRing: KeyRing
  /** What all token modes make and read their tokens with; follows the key ring. */
  readonly codec: () => Promise<TokenCodec>
  readonly clock: Clock
  /** The session memory of this node: one bound, whatever the mode. */
  readonly memory: MemoryStore
  /** Where the private listener finds the replication that a mode builds. */
  readonly replication: ReplicationHost
  /** Told of every command sent to the store. */
  readonly countCommands: (commands: number) => void
}

type StrategyFactory = (parts: StrategyParts) => Promise<CredentialStrategy>

/** How each mode remembers a login. What only some modes need is loaded when such a mode is. */
const STRATEGIES: Readonly<Record<ModeName, StrategyFactory>> = {
  local: (parts) => inMemory('local', parts),
  sticky: (parts) => inMemory('sticky', parts),
  redis: inRedis,
  'redis-cached': inCachedRedis,
  replicated,
  'redis-stock': inStockRedis,
  cookie: inCookie,
  jwt: async (parts) => (await import('./token-strategies.ts')).inToken(parts),
  'jwt-denylist': async (parts) => (await import('./token-strategies.ts')).inTokenWithDenylist(parts),
  'jwt-pushed': async (parts) => (await import('./token-strategies.ts')).inTokenWithPush(parts),
  'jwt-hybrid': async (parts) => (await import('./token-strategies.ts')).inTokenWithSession(parts),
}

/**
 * Builds what a mode needs and waits until it can be used, or until it is clear that its store is away.
 * @throws AnswerError modeUnavailable when this node was not given what the mode needs.
 */
export function createStrategy(mode: ModeName, parts: StrategyParts): Promise<CredentialStrategy> {
  return STRATEGIES[mode](parts)
}

async function inMemory(name: 'local' | 'sticky', parts: StrategyParts): Promise<CredentialStrategy> {
  const { createSessionStrategy } = await import('./create-session-strategy.ts')
  return createSessionStrategy(name, parts.memory, parts)
}

/** Sessions in the central store: Redis, or what was put in its place. */
async function inRedis(parts: StrategyParts): Promise<CredentialStrategy> {
  const { createSessionStrategy } = await import('./create-session-strategy.ts')
  const store = await centralStore(parts)
  const { outage, lifetimeS } = parts.config
  if (outage === 'closed') return createSessionStrategy('redis', store, parts)
  const { withOutagePolicy } = await import('../sessions/outage-store.ts')
  const options = { store, policy: outage, clock: parts.clock, lifetimeMs: lifetimeS * 1000 }
  return createSessionStrategy('redis', withOutagePolicy(options), parts)
}

async function centralStore(parts: StrategyParts): Promise<SessionStore> {
  const { config, clock } = parts
  const idleMs = config.idleS * 1000
  const records = await centralRecords('redis', parts)
  if (records !== undefined) {
    const { RecordStore } = await import('../sessions/record-store.ts')
    return new RecordStore(records, clock, idleMs, config.limits)
  }
  const [{ RedisStore }, { connectRedis }] = await Promise.all([
    import('../sessions/redis-store.ts'),
    import('./redis-of-mode.ts'),
  ])
  return new RedisStore(await connectRedis(MODES.redis, parts), clock, idleMs, config.limits)
}

async function inCookie({ config, keyRing, clock }: StrategyParts): Promise<CredentialStrategy> {
  const { DataCookieStrategy } = await import('./data-cookie-strategy.ts')
  const key = deriveKey(keyRing.cookieSecret, 'data cookie')
  return new DataCookieStrategy(MODES.cookie, sessionCookie(config.tls), key, clock)
}
