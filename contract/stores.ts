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

/** Can a mode run where this is the central store? `redis` over any; the others that need Redis, over Redis alone. */
export function isServedBy(mode: ModeName, store: StoreName): boolean {
  return store === 'redis' || mode === 'redis' || !MODES[mode].needs.includes('redis')
}
