import type { Command } from 'commander'
import { EXIT, StillinError } from '#contract/errors.ts'
import { STORE_NAMES, type StoreName } from '#contract/stores.ts'
import { setting } from './parse-options.ts'
import type { Settings } from './settings.ts'

/** Flags for what stands in Redis's place. */
export function addStoreFlags(command: Command): Command {
  return command
    .option('--redis-url <url>', 'use this Redis and no other; also REDIS_URL', setting('redisUrl'))
    .option(
      '--store <name>',
      `central store of mode redis: ${STORE_NAMES.join(', ')} (redis); any other, and there is no Redis`,
      setting('store'),
    )
    .option('--store-url <place>', 'use this store and no other: an address, or a path', setting('storeUrl'))
}

/** @throws StillinError (usage) for a place without a store that it could be of. */
export function chosenStore({ store = 'redis', storeUrl }: Settings): {
  store: StoreName
  storeUrl: string | undefined
} {
  if (store !== 'redis' || storeUrl === undefined) return { store, storeUrl }
  throw new StillinError('--store-url has no meaning without --store', {
    exitCode: EXIT.usage,
    hint: 'Name a --store other than redis, or use --redis-url.',
  })
}
