import { join } from 'node:path'
import { searchPath } from '../config.ts'
import { PROJECT_ROOT } from '../entry-point.ts'
import { findByUrl } from './find-by-url.ts'
import { findInCache } from './find-in-cache.ts'
import { findInDebian } from './find-in-debian.ts'
import { findInDocker } from './find-in-docker.ts'
import { findOnPath } from './find-on-path.ts'
import { installHint } from './install-hint.ts'
import type { RedisFinder, RedisPersistence, RedisServer } from './redis-server.ts'

/** What was tried in vain, and the one command that helps on this system. */
export interface MissingRedis {
  readonly reasons: readonly string[]
  readonly hint: string
}

export interface RedisOptions {
  /** `none` unless given. */
  persistence?: RedisPersistence
  /** Use this one and no other. */
  redisUrl?: string | undefined
  path?: string
  cacheFolder?: string
  signal?: AbortSignal | undefined
  /** Told what takes long: fetching a package, pulling an image. */
  onNote?: (note: string) => void
  /** Told when there is none. */
  onMissing?: (missing: MissingRedis) => void
  /** In the order in which they are tried. */
  finders?: readonly RedisFinder[]
}

/** A named one; an installed one; one fetched earlier; the distribution's package, fetched; a container. */
const FINDERS: readonly RedisFinder[] = [findByUrl, findOnPath, findInCache, findInDebian, findInDocker]

/**
 * A real Redis on loopback that ends with this process, or undefined where none can be had.
 * @throws StillinError when `redisUrl` is given and no Redis answers there.
 */
export async function provideRedis(options: RedisOptions = {}): Promise<RedisServer | undefined> {
  const reasons: string[] = []
  for (const find of options.finders ?? FINDERS) {
    options.signal?.throwIfAborted()
    const found = await find({
      persistence: options.persistence ?? 'none',
      redisUrl: options.redisUrl,
      path: options.path ?? searchPath(),
      cacheFolder: options.cacheFolder ?? join(PROJECT_ROOT, '.cache'),
      signal: options.signal,
      note: options.onNote ?? (() => {}),
    })
    if (!('missing' in found)) return found
    reasons.push(found.missing)
  }
  options.onMissing?.({ reasons, hint: await installHint(options.path ?? searchPath()) })
  return undefined
}
