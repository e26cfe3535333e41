import { findProgram } from '../find-program.ts'
import { launchRedis } from './launch.ts'
import type { Missing, RedisRequest, RedisServer } from './redis-server.ts'

export const SERVER_PROGRAMS = ['redis-server', 'valkey-server'] as const

/** An installed redis-server, or Valkey, which speaks the same protocol. */
export async function findOnPath(request: RedisRequest): Promise<RedisServer | Missing> {
  for (const name of SERVER_PROGRAMS) {
    const file = await findProgram(name, request.path)
    if (file !== undefined) return launchRedis({ origin: 'path', file }, request)
  }
  return { missing: `no ${SERVER_PROGRAMS.join(' or ')} on the PATH` }
}
