import type { Mode } from '#contract/modes.ts'
import { AnswerError } from '../errors.ts'
import { RedisConnection } from '../sessions/redis-connection.ts'
import type { StrategyParts } from './strategies.ts'

/**
 * A connection of this mode's own. Where Redis is away it goes on trying, and what is asked meanwhile fails.
 * @throws AnswerError modeUnavailable when this node was given no Redis.
 */
export async function connectRedis(
  mode: Mode,
  { config, countCommands }: StrategyParts,
): Promise<RedisConnection> {
  const connection = new RedisConnection(
    redisUrlFor(mode, config.redisUrl),
    config.redisTimeoutMs,
    countCommands,
  )
  await connection.connect()
  return connection
}

/** @throws AnswerError modeUnavailable when there is none. */
export function redisUrlFor({ name }: Mode, url: string | undefined): string {
  if (url !== undefined) return url
  throw new AnswerError('modeUnavailable', {
    message: `This node was started without STILLIN_REDIS_URL and cannot serve mode ${name}.`,
  })
}
