import type { StoreInstead } from '#contract/stores.ts'
import type { Missing } from '../redis/redis-server.ts'

/** Where a store that is not Redis comes from; `folder`: it is a file or a folder, and no process. */
export type StoreOrigin = 'STILLIN_STORE_URL' | 'path' | 'cache' | 'debian' | 'folder'

/** A central store that is not Redis, and that answered. Disposing ends and removes it, unless it is somebody else's. */
export interface StoreServer extends AsyncDisposable {
  readonly store: StoreInstead
  /** Absent where there is no process, or it is not ours. A server's other processes descend from it. */
  readonly pid?: number | undefined
  /** As it says itself; undefined where there is nothing to ask (files). */
  readonly version: string | undefined
  readonly origin: StoreOrigin
  /** One line for people: what it is and where it comes from. */
  readonly description: string
  /** Resolves with what happened when it ended without being disposed; never for one that is not ours. */
  readonly ended?: Promise<string>
}

/** What a finder is told; see RedisRequest for the members of the same name. */
export interface StoreRequest {
  /** A store that somebody named: an address, or the path of a file or folder. */
  readonly url: string | undefined
  readonly path: string
  readonly cacheFolder: string
  readonly signal: AbortSignal | undefined
  readonly note: (text: string) => void
}

/** One way to get a store: it, ready, or why not. Throws only for what the person must put right. */
export type StoreFinder = (request: StoreRequest) => Promise<StoreServer | Missing>
