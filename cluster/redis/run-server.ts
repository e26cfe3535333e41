import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { inheritedEnvironment } from '../config.ts'
import { openLifeline } from '../lifeline.ts'
import { keepTail } from '../output-tail.ts'

/** One life of a server's process. */
export interface ServerProcess {
  readonly pid: number | undefined
  /** How it ended; never rejects. */
  readonly exited: Promise<string>
  signal(name: NodeJS.Signals): void
  /** SIGTERM; a Redis that is stopped or hangs gets SIGKILL. Nothing it holds is worth a wait. */
  end(): Promise<void>
}

export interface ServerCommand {
  readonly file: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>> | undefined
  readonly folder: string
}

const READY_MS = 10_000
const STOP_GRACE_MS = 2_000

/** Runs it until it says that it accepts connections. It dies with this process. @throws where it does not come up. */
export async function runServer(
  command: ServerCommand,
  signal: AbortSignal | undefined,
): Promise<ServerProcess> {
  const lifeline = await openLifeline()
  const [file, args] = lifeline.wrap(command.file, [...command.args])
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inheritedEnvironment(), ...command.environment },
    cwd: command.folder,
    detached: true,
  })
  const output = keepTail(child.stdout, child.stderr)
  const exited = whenExited(child)
  const release = child.pid === undefined ? () => {} : lifeline.hold(child.pid)
  void exited.then(release)
  try {
    await whenAccepting(child, exited, output, signal)
  } catch (error) {
    await end(child, exited)
    throw error
  }
  return {
    pid: child.pid,
    exited,
    signal: (name) => void child.kill(name),
    end: () => end(child, exited),
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
