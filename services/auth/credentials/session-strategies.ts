import type { ModeName } from '#contract/modes.ts'
import { MODES } from '#contract/modes.ts'
import type { NodeConfig } from '../config.ts'
import { AnswerError } from '../errors.ts'
import { deriveKey } from '../key-ring.ts'
import type { CredentialStrategy } from './credential-strategy.ts'
import { sessionCookie } from './session-cookie.ts'
import type { StrategyParts } from './strategies.ts'

/** Sessions in Redis, read from this node's memory while Redis is known to tell what changes. */
export async function inCachedRedis(parts: StrategyParts): Promise<CredentialStrategy> {
  const { config, clock, countCommands } = parts
  const url = demandRedis(config, 'redis-cached')
  const [{ createSessionStrategy }, { RedisConnection }, { RedisStore }, { CachedRedisStore }] =
    await Promise.all([
      import('./create-session-strategy.ts'),
      import('../sessions/redis-connection.ts'),
      import('../sessions/redis-store.ts'),
      import('../sessions/cached-redis-store.ts'),
    ])
  const { redisTimeoutMs: timeoutMs, cacheBoundMs: boundMs } = config
  const connection = new RedisConnection(url, timeoutMs, countCommands)
  const idleMs = config.idleS * 1000
  const store = new CachedRedisStore({
    url,
    connection,
    store: new RedisStore(connection, clock, idleMs, config.limits),
    clock,
    idleMs,
    boundMs,
    timeoutMs,
    maxSessions: config.memory.maxSessions,
    countCommands,
  })
  await connection.connect()
  await store.connect()
  return createSessionStrategy('redis-cached', store, parts)
}

/** Sessions in the memory of every node, each of which tells all others what changes. */
export async function replicated(parts: StrategyParts): Promise<CredentialStrategy> {
  const { config, clock, replication: host } = parts
  const { peers, nodeId, adminToken } = config
  if (peers === undefined)
    throw new AnswerError('modeUnavailable', {
      message: 'This node was started without STILLIN_PEERS and cannot serve mode replicated.',
    })
  const [{ createSessionStrategy }, { Replica }, { Replication }, { ReplicatedStore }] = await Promise.all([
    import('./create-session-strategy.ts'),
    import('../sessions/replication/replica.ts'),
    import('../sessions/replication/replication.ts'),
    import('../sessions/replication/replicated-store.ts'),
  ])
  const replica = new Replica(clock, config.memory)
  const replication = new Replication({ nodeId, adminToken, peers, replica })
  const store = new ReplicatedStore({ nodeId, clock, idleMs: config.idleS * 1000, replica, replication })
  await host.take(replication)
  return createSessionStrategy('replicated', store, parts)
}

/** The stock library as it comes, over a plain store. */
export async function inStockRedis(parts: StrategyParts): Promise<CredentialStrategy> {
  const { config, keyRing, countCommands } = parts
  const mode = MODES['redis-stock']
  const url = demandRedis(config, mode.name)
  const [{ StockSessionStrategy }, { RedisConnection }] = await Promise.all([
    import('./stock-session-strategy.ts'),
    import('../sessions/redis-connection.ts'),
  ])
  const connection = new RedisConnection(url, config.redisTimeoutMs, countCommands)
  await connection.connect()
  const key = deriveKey(keyRing.cookieSecret, `session cookie ${mode.name}`)
  return new StockSessionStrategy({ mode, connection, cookie: sessionCookie(config.tls), key })
}

function demandRedis({ redisUrl }: NodeConfig, mode: ModeName): string {
  if (redisUrl !== undefined) return redisUrl
  throw new AnswerError('modeUnavailable', {
    message: `This node was started without STILLIN_REDIS_URL and cannot serve mode ${mode}.`,
  })
}
