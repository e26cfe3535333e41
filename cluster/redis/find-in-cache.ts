import { launchRedis } from './launch.ts'
import type { Missing, RedisRequest, RedisServer } from './redis-server.ts'
import { unpackedProgram, unpackedRoot } from './unpacked.ts'

/** The one that an earlier lab fetched. */
export async function findInCache(request: RedisRequest): Promise<RedisServer | Missing> {
  const program = await unpackedProgram(unpackedRoot(request.cacheFolder), 'cache')
  if (program === undefined) return { missing: 'none was fetched earlier' }
  return launchRedis(program, request)
}
