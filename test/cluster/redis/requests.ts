import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { searchPath } from '#cluster/config.ts'
import { PROJECT_ROOT } from '#cluster/entry-point.ts'
import { findProgram } from '#cluster/find-program.ts'
import type { RedisRequest } from '#cluster/redis/redis-server.ts'
import { unpackedProgram, unpackedRoot } from '#cluster/redis/unpacked.ts'
import { testRedis } from '../../redis.ts'

/** A request that leads to no Redis at all, but for what a test adds. */
export function request(members: Partial<RedisRequest> = {}): RedisRequest {
  return {
    persistence: 'none',
    redisUrl: undefined,
    path: '',
    cacheFolder: '/nonexistent',
    signal: undefined,
    note: () => {},
    ...members,
  }
}

/** A folder for a test, removed at its end. */
export async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'scratch-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Writes a shell script under that name. */
export async function script(file: string, body: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
  return file
}

/** Shell words that run this machine's real redis-server, wherever it came from. */
export async function realRedis(): Promise<string> {
  // Fetches one into the cache where this machine has none.
  await using _redis = await testRedis()
  const installed =
    (await findProgram('redis-server', searchPath())) ?? (await findProgram('valkey-server', searchPath()))
  if (installed !== undefined) return installed
  const cached = await unpackedProgram(unpackedRoot(join(PROJECT_ROOT, '.cache')), 'cache')
  if (cached === undefined) throw new Error('this machine has no redis-server that can be run by a test')
  return `env LD_LIBRARY_PATH='${cached.environment?.['LD_LIBRARY_PATH'] ?? ''}' '${cached.file}'`
}
