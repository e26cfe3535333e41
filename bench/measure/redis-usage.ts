import { Redis } from 'ioredis'
import { monotonicUs } from '#contract/clock.ts'

/** What a Redis server has used since its start. */
interface RedisUsage {
  /** When it was read, µs on the monotonic clock. */
  atUs: number
  /** CPU time of all its threads, from `INFO cpu`. */
  userUs: number
  systemUs: number
  /** Commands processed, without this reader's own. */
  commands: number
}

export interface RedisUsageReader extends AsyncDisposable {
  /** @throws where Redis does not answer within two seconds. */
  read(): Promise<RedisUsage>
  /** `redis_version` of the server. */
  version(): Promise<string>
}

/** Opens one connection of its own for reading. @throws where there is no Redis at this address. */
export async function openRedisUsage(url: string): Promise<RedisUsageReader> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => {})
  await redis.connect()
  let ownCommands = 0

  async function info(section: string): Promise<Map<string, string>> {
    const text = await redis.info(section)
    ownCommands++
    return parseInfo(text)
  }

  return {
    async read() {
      // The figure that INFO reports does not yet hold that INFO itself.
      const stats = await info('stats')
      const ownBefore = ownCommands - 1
      const cpu = await info('cpu')
      return {
        atUs: monotonicUs(),
        userUs: Math.round(numberOf(cpu, 'used_cpu_user') * 1e6),
        systemUs: Math.round(numberOf(cpu, 'used_cpu_sys') * 1e6),
        commands: numberOf(stats, 'total_commands_processed') - ownBefore,
      }
    },
    async version() {
      return (await info('server')).get('redis_version') ?? 'unknown'
    },
    async [Symbol.asyncDispose]() {
      redis.disconnect()
    },
  }
}

/** The `name:value` lines of an INFO answer. */
export function parseInfo(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return fields
}

function numberOf(fields: Map<string, string>, name: string): number {
  const value = Number(fields.get(name))
  if (!Number.isFinite(value)) throw new Error(`INFO has no number ${name}`)
  return value
}
