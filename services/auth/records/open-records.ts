import type { ModeName } from '#contract/modes.ts'
import type { StoreInstead } from '#contract/stores.ts'
import { isServedBy } from '#contract/stores.ts'
import type { NodeConfig } from '../config.ts'
import { AnswerError } from '../errors.ts'
import { GuardedRecords } from './guarded-records.ts'
import type { Records } from './records.ts'

/**
 * The records of a mode whose central store is not Redis; undefined: it is. A store that is away is asked again with
 * every request.
 * @throws AnswerError modeUnavailable where the mode needs Redis itself.
 */
export async function centralRecords(
  mode: ModeName,
  parts: { config: NodeConfig; countCommands: (commands: number) => void },
): Promise<GuardedRecords | undefined> {
  const { storeInstead: instead, redisTimeoutMs: timeoutMs } = parts.config
  if (instead === undefined) return undefined
  if (!isServedBy(mode, instead.name))
    throw new AnswerError('modeUnavailable', {
      message: `Mode ${mode} needs Redis itself; this node’s central store is ${instead.name}.`,
    })
  const records = new GuardedRecords(await openRecords(instead, timeoutMs), {
    timeoutMs,
    countCommands: parts.countCommands,
  })
  await records.ping()
  return records
}

/** What only one store needs is loaded when that store is used. */
export async function openRecords({ name, url }: StoreInstead, timeoutMs: number): Promise<Records> {
  switch (name) {
    case 'file':
      return (await import('./file-records.ts')).FileRecords.open(url)
    case 'sqlite': {
      const { SqliteRecords } = await import('./sqlite-records.ts')
      return new SqliteRecords(url, { timeoutMs })
    }
    case 'memcached': {
      const { MemcachedRecords } = await import('./memcached-records.ts')
      return new MemcachedRecords(url, { timeoutMs })
    }
    case 'postgres': {
      const { PostgresRecords } = await import('./postgres-records.ts')
      return new PostgresRecords(url, { timeoutMs })
    }
  }
}
