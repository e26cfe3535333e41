import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram } from '../find-program.ts'
import { freePort } from '../free-port.ts'
import { runWhenGone } from '../lifeline.ts'
import { probeRedis } from './probe.ts'
import type { Missing, RedisPersistence, RedisRequest, RedisServer } from './redis-server.ts'
import { runProgram } from './run-program.ts'

export const REDIS_IMAGE = 'redis:7-bookworm'
/** The image may have to be pulled. */
const RUN_MS = 120_000
const INFO_MS = 3_000
const READY_MS = 10_000
const REMOVE_MS = 20_000

/** A container that is removed with the lab; its memory is its only disk, unless an append-only file was asked for. */
export async function findInDocker(request: RedisRequest): Promise<RedisServer | Missing> {
  const docker = await findProgram('docker', request.path)
  if (docker === undefined) return { missing: 'no docker on the PATH' }
  const { signal } = request
  try {
    await runProgram(docker, ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: INFO_MS, signal })
  } catch {
    signal?.throwIfAborted()
    return { missing: 'docker is installed and its daemon does not answer' }
  }
  request.note(`running ${REDIS_IMAGE} in Docker`)
  const name = `stillin-redis-${process.pid}-${randomBytes(4).toString('hex')}`
  const removal = [docker, 'rm', '--force', '--volumes', name] as const
  const release = runWhenGone(name, removal)
  const remove = async (): Promise<void> => {
    await runProgram(docker, removal.slice(1), { timeoutMs: REMOVE_MS }).catch(() => {})
    release()
  }
  try {
    const port = await freePort()
    await runProgram(docker, runArguments(name, port, request.persistence), { timeoutMs: RUN_MS, signal })
    const url = `redis://127.0.0.1:${port}`
    const version = await whenAnswering(url, signal)
    const description = `${REDIS_IMAGE} (Redis ${version}) in Docker`
    return { url, version, origin: 'docker', description, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    signal?.throwIfAborted()
    return {
      missing: `docker could not run ${REDIS_IMAGE} (${error instanceof Error ? error.message : error})`,
    }
  }
}

function runArguments(name: string, port: number, persistence: RedisPersistence): string[] {
  const container = ['run', '--detach', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:6379`]
  const redis = ['--save', '', '--appendonly', persistence === 'aof' ? 'yes' : 'no']
  return [...container, REDIS_IMAGE, 'redis-server', ...redis]
}

async function whenAnswering(url: string, signal: AbortSignal | undefined): Promise<string> {
  const patience = AbortSignal.timeout(READY_MS)
  for (;;) {
    const probe = await probeRedis(url)
    if ('version' in probe) return probe.version
    if (patience.aborted) throw new Error(`no answer within ${READY_MS} ms: ${probe.problem}`)
    await delay(50, undefined, signal === undefined ? {} : { signal })
  }
}
