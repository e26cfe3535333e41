import type { ModeName } from './modes.ts'
import { MODES } from './modes.ts'

/**
 * What can be the central store of mode `redis`. `redis` itself; or, in its place, a `file` system's folder or a `sqlite`
 * file that the nodes of one host share, `memcached`, or `postgres`.
 */
export const STORE_NAMES = ['redis', 'file', 'sqlite', 'memcached', 'postgres'] as const
export type StoreName = (typeof STORE_NAMES)[number]

/** A store that is not Redis, and where it is: a folder, a file, `memcached://host:port`, `postgres://…`. */
export interface StoreInstead {
  readonly name: Exclude<StoreName, 'redis'>
  readonly url: string
}

/** What the keys of sessions in Redis begin with: those of `redis-stock` as everybody writes them, and all others. */
export const SESSION_KEY_PREFIXES = { ours: 'stillin:session:', stock: 'sess:' } as const

/** What a store is called in words and tables. */
export const STORE_TITLES: Readonly<Record<StoreName, string>> = {
  redis: 'Redis',
  file: 'files',
  sqlite: 'SQLite',
  memcached: 'memcached',
  postgres: 'PostgreSQL',
}

/** Has it processes of its own? Where it has none, what it costs is spent in the nodes. */
export function isServer(store: StoreName): boolean {
  return store !== 'file' && store !== 'sqlite'
}

/** A mode's sentence where this is the central store. */
export function summaryOf(mode: ModeName, store: StoreName): string {
  const { summary } = MODES[mode]
  return mode === 'redis' ? summary.replace('Redis', STORE_TITLES[store]) : summary
}

/** Can a mode run where this is the central store? `redis` over any; the others that need Redis, over Redis alone. */
export function isServedBy(mode: ModeName, store: StoreName): boolean {
  return store === 'redis' || mode === 'redis' || !MODES[mode].needs.includes('redis')
}
