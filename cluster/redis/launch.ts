import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { inheritedEnvironment } from '../config.ts'
import { freePort } from '../free-port.ts'
import { openLifeline } from '../lifeline.ts'
import { keepTail } from '../output-tail.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { probeRedis } from './probe.ts'
import type { Missing, RedisOrigin, RedisPersistence, RedisRequest, RedisServer } from './redis-server.ts'

/** A program that can be run. */
export interface RedisProgram {
  readonly origin: RedisOrigin
  readonly file: string
  /** E.g. LD_LIBRARY_PATH of a Redis that was unpacked and not installed. */
  readonly environment?: Readonly<Record<string, string>>
}

const READY_MS = 10_000
const STOP_GRACE_MS = 2_000

/** The settings of a lab's Redis: loopback only, nothing saved but what `persistence` says. */
export function redisArguments(port: number, folder: string, persistence: RedisPersistence): string[] {
  return [
    ['--port', String(port)],
    ['--bind', '127.0.0.1'],
    ['--protected-mode', 'yes'],
    ['--daemonize', 'no'],
    ['--save', ''],
    ['--appendonly', persistence === 'aof' ? 'yes' : 'no'],
    ['--appendfsync', 'everysec'],
    ['--dir', folder],
  ].flat()
}

/**
 * Runs the program on a free port in a temporary folder until it says that it accepts connections and answers a PING.
 * It dies with this process. `missing` says why it did not come up.
 */
export async function launchRedis(
  program: RedisProgram,
  request: RedisRequest,
): Promise<RedisServer | Missing> {
  const resources = new AsyncDisposableStack()
  try {
    const folder = resources.use(await temporaryFolder())
    const port = await freePort()
    const lifeline = await openLifeline()
    const [file, args] = lifeline.wrap(program.file, redisArguments(port, folder.path, request.persistence))
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inheritedEnvironment(), ...program.environment },
      cwd: folder.path,
      detached: true,
    })
    const output = keepTail(child.stdout, child.stderr)
    const exited = whenExited(child)
    let disposing = false
    resources.defer(async () => {
      disposing = true
      await end(child, exited)
    })
    if (child.pid !== undefined) resources.defer(lifeline.hold(child.pid))
    await whenAccepting(child, exited, output, request.signal)
    const url = `redis://127.0.0.1:${port}`
    const probe = await probeRedis(url)
    if ('problem' in probe) throw new Error(probe.problem)
    const owned = resources.move()
    return {
      url,
      ...(child.pid === undefined ? {} : { pid: child.pid }),
      version: probe.version,
      origin: program.origin,
      description: `${program.file} ${probe.version}`,
      ended: exited.then((how) => (disposing ? new Promise<string>(() => {}) : how)),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  } catch (error) {
    await resources.disposeAsync()
    request.signal?.throwIfAborted()
    return { missing: `${program.file} did not start: ${error instanceof Error ? error.message : error}` }
  }
}

/** Resolves with how it ended, also when it could not be spawned at all. */
function whenExited(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    child.once('error', (error) => resolve(error.message))
  })
}

async function whenAccepting(
  child: ChildProcess,
  exited: Promise<string>,
  output: () => string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (child.stdout === null) throw new Error('its output cannot be read')
  const lines = createInterface({ input: child.stdout })
  const { promise: accepting, resolve } = Promise.withResolvers<void>()
  lines.on('line', (line) => {
    if (line.includes('Ready to accept connections')) resolve()
  })
  const patience = new AbortController()
  const limits = signal === undefined ? patience.signal : AbortSignal.any([patience.signal, signal])
  const late = delay(READY_MS, undefined, { signal: limits })
  try {
    await Promise.race([
      accepting,
      exited.then((how) => Promise.reject(new Error(`${how}: ${output()}`))),
      late.then(() => Promise.reject(new Error(`it was not ready within ${READY_MS} ms`))),
    ])
  } finally {
    patience.abort()
    late.catch(() => {})
    lines.close()
    // readline pauses its input when it is closed; a full pipe would stop Redis.
    child.stdout.resume()
  }
}

/** SIGTERM; a Redis that is stopped or hangs gets SIGKILL. Nothing it holds is worth a wait. */
async function end(child: ChildProcess, exited: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  child.kill('SIGCONT')
  const patience = new AbortController()
  const late = delay(STOP_GRACE_MS, true, { signal: patience.signal }).catch(() => false)
  if (await Promise.race([exited.then(() => false), late])) child.kill('SIGKILL')
  await Promise.race([once(child, 'exit'), exited])
  patience.abort()
}
