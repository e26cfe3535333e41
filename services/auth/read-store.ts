import { EXIT, StillinError } from '#contract/errors.ts'
import type { StoreInstead, StoreName } from '#contract/stores.ts'

/** What STILLIN_STORE_URL is for each store, and how it begins. */
const PLACES: Readonly<Record<StoreInstead['name'], { shape: RegExp; words: string }>> = {
  file: { shape: /^\//, words: 'the absolute path of a folder' },
  sqlite: { shape: /^\//, words: 'the absolute path of a file' },
  memcached: { shape: /^memcached:\/\/[^/\s]+:\d{1,5}$/, words: 'an address as memcached://127.0.0.1:11211' },
  postgres: {
    shape: /^postgres(ql)?:\/\/\S+$/,
    words: 'an address as postgres://user@127.0.0.1:5432/database',
  },
}

/**
 * Reads STILLIN_STORE and STILLIN_STORE_URL together.
 * @returns undefined where the central store is Redis.
 * @throws StillinError (usage)
 */
export function readStore(name: StoreName = 'redis', url: string | undefined): StoreInstead | undefined {
  if (name === 'redis') {
    if (url === undefined) return undefined
    throw usage(
      'STILLIN_STORE_URL: Redis is found by STILLIN_REDIS_URL; unset it, or name another STILLIN_STORE',
    )
  }
  const { shape, words } = PLACES[name]
  if (url !== undefined && shape.test(url)) return { name, url }
  throw usage(
    `STILLIN_STORE_URL: for store ${name} expected ${words}${url === undefined ? '; it is not set' : ''}`,
  )
}

function usage(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage })
}
