import { join } from 'node:path'
import type { StoreInstead } from '#contract/stores.ts'
import { searchPath } from '../config.ts'
import { PROJECT_ROOT } from '../entry-point.ts'
import { installCommand } from '../install-command.ts'
import type { MissingRedis } from '../redis/provide-redis.ts'
import { findFolder } from './find-folder.ts'
import { findersOf } from './find-server.ts'
import type { KnownServer } from './known-server.ts'
import { MEMCACHED } from './memcached.ts'
import { POSTGRES } from './postgres.ts'
import type { StoreFinder, StoreServer } from './store-server.ts'

export interface StoreOptions {
  /** Use this one and no other. */
  url?: string | undefined
  path?: string
  cacheFolder?: string
  signal?: AbortSignal | undefined
  /** Told what takes long: fetching a package. */
  onNote?: (note: string) => void
  /** Told when there is none. */
  onMissing?: (missing: MissingRedis) => void
  /** In the order in which they are tried. */
  finders?: readonly StoreFinder[]
}

const SERVERS: Readonly<Record<KnownServer['name'], KnownServer>> = {
  memcached: MEMCACHED,
  postgres: POSTGRES,
}

/**
 * A central store in Redis's place that ends with this process, or undefined where none can be had.
 * @throws StillinError when `url` is given and no such store is there.
 */
export async function provideStore(
  name: StoreInstead['name'],
  options: StoreOptions = {},
): Promise<StoreServer | undefined> {
  if (name === 'file' || name === 'sqlite') return findFolder(name, options.url)
  const path = options.path ?? searchPath()
  const reasons: string[] = []
  for (const find of options.finders ?? findersOf(SERVERS[name])) {
    options.signal?.throwIfAborted()
    const found = await find({
      url: options.url,
      path,
      cacheFolder: options.cacheFolder ?? join(PROJECT_ROOT, '.cache'),
      signal: options.signal,
      note: options.onNote ?? (() => {}),
    })
    if (!('missing' in found)) return found
    reasons.push(found.missing)
  }
  options.onMissing?.({ reasons, hint: await hintFor(SERVERS[name], path) })
  return undefined
}

async function hintFor({ name, title, program }: KnownServer, path: string): Promise<string> {
  const command = await installCommand(name, path)
  if (command !== undefined) return `Run \`${command}\`.`
  return `Install ${title} so that ${program} is on the PATH, or set STILLIN_STORE_URL.`
}
