import { findProgram } from '../find-program.ts'
import { fetchDebian, REDIS_PACKAGE } from './fetch-debian.ts'
import { launchRedis } from './launch.ts'
import type { Missing, RedisRequest, RedisServer } from './redis-server.ts'
import { unpackedProgram, unpackedRoot } from './unpacked.ts'

/** The package of Debian or Ubuntu, fetched and unpacked into the cache without root. */
export async function findInDebian(request: RedisRequest): Promise<RedisServer | Missing> {
  const aptGet = await findProgram('apt-get', request.path)
  const dpkg = await findProgram('dpkg', request.path)
  if (aptGet === undefined || dpkg === undefined) {
    return { missing: 'no Debian package to fetch (no apt-get and dpkg)' }
  }
  const root = unpackedRoot(request.cacheFolder)
  request.note('fetching redis-server from the distribution, once (some MB, into .cache)')
  try {
    await fetchDebian(REDIS_PACKAGE, { aptGet, dpkg }, request.cacheFolder, root, request.signal)
  } catch (error) {
    request.signal?.throwIfAborted()
    const why = error instanceof Error ? error.message : String(error)
    return { missing: `the Debian package could not be fetched (${why})` }
  }
  const program = await unpackedProgram(root, 'debian')
  if (program === undefined) return { missing: 'the Debian package holds no redis-server' }
  return launchRedis(program, request)
}
