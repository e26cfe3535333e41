import { freePort } from '../free-port.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { probeRedis } from './probe.ts'
import type {
  Missing,
  RedisControls,
  RedisOrigin,
  RedisPersistence,
  RedisRequest,
  RedisServer,
} from './redis-server.ts'
import { runServer, type ServerProcess } from './run-server.ts'

/** A program that can be run. */
export interface RedisProgram {
  readonly origin: RedisOrigin
  readonly file: string
  /** E.g. LD_LIBRARY_PATH of a Redis that was unpacked and not installed. */
  readonly environment?: Readonly<Record<string, string>>
}

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
    const command = {
      file: program.file,
      args: redisArguments(port, folder.path, request.persistence),
      environment: program.environment,
      folder: folder.path,
      ready: { line: 'Ready to accept connections' },
    }
    const life = resources.use(
      controlServer(await runServer(command, request.signal), () => runServer(command, undefined)),
    )
    const url = `redis://127.0.0.1:${port}`
    const probe = await probeRedis(url)
    if ('problem' in probe) throw new Error(probe.problem)
    const owned = resources.move()
    return {
      url,
      get pid() {
        return life.pid()
      },
      version: probe.version,
      origin: program.origin,
      description: `${program.file} ${probe.version}`,
      ended: life.ended,
      controls: life.controls,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  } catch (error) {
    await resources.disposeAsync()
    request.signal?.throwIfAborted()
    return { missing: `${program.file} did not start: ${error instanceof Error ? error.message : error}` }
  }
}

interface ServerLife extends AsyncDisposable {
  readonly controls: RedisControls
  readonly ended: Promise<string>
  pid(): number | undefined
}

/** A server through its lives: killed and started again with the same port and folder, paused, resumed. */
function controlServer(first: ServerProcess, again: () => Promise<ServerProcess>): ServerLife {
  let current = first
  const ended = Promise.withResolvers<string>()
  /** Ends that were asked for are not reported. */
  const expected = new WeakSet<ServerProcess>()
  const watch = (watched: ServerProcess): void => {
    void watched.exited.then((how) => {
      if (!expected.has(watched)) ended.resolve(how)
    })
  }
  watch(first)
  return {
    ended: ended.promise,
    pid: () => current.pid,
    controls: {
      async kill() {
        expected.add(current)
        current.signal('SIGKILL')
        await current.exited
      },
      async start() {
        current = await again()
        watch(current)
      },
      pause: () => current.signal('SIGSTOP'),
      resume: () => current.signal('SIGCONT'),
    },
    async [Symbol.asyncDispose]() {
      expected.add(current)
      await current.end()
    },
  }
}
