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
  /** An orderly end; a server that is stopped or hangs gets SIGKILL. Nothing it holds is worth a wait. */
  end(): Promise<void>
}

export interface ServerCommand {
  readonly file: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>> | undefined
  readonly folder: string
  /** How it is known to accept connections: by what it prints, or by an answer. */
  readonly ready: { readonly line: string } | { readonly ask: () => Promise<boolean> }
  /** What ends it in an orderly way; SIGTERM unless given. */
  readonly endSignal?: NodeJS.Signals
  /** Another user to run as. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
}

const READY_MS = 10_000
const STOP_GRACE_MS = 2_000
const ASK_EVERY_MS = 20

/** Runs it until it is known to accept connections. It dies with this process. @throws where it does not come up. */
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
    ...command.user,
  })
  const output = keepTail(child.stdout, child.stderr)
  const exited = whenExited(child)
  const release = child.pid === undefined ? () => {} : lifeline.hold(child.pid)
  void exited.then(release)
  try {
    await whenAccepting(child, command.ready, exited, output, signal)
  } catch (error) {
    await end(child, exited, command.endSignal)
    throw error
  }
  return {
    pid: child.pid,
    exited,
    signal: (name) => void child.kill(name),
    end: () => end(child, exited, command.endSignal),
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
  ready: ServerCommand['ready'],
  exited: Promise<string>,
  output: () => string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const patience = new AbortController()
  const limits = signal === undefined ? patience.signal : AbortSignal.any([patience.signal, signal])
  const late = delay(READY_MS, undefined, { signal: limits })
  try {
    await Promise.race([
      'line' in ready ? whenPrinted(child, ready.line, limits) : whenAnswering(ready.ask, limits),
      exited.then((how) => Promise.reject(new Error(`${how}: ${output()}`))),
      late.then(() => Promise.reject(new Error(`it was not ready within ${READY_MS} ms`))),
    ])
  } finally {
    patience.abort()
    late.catch(() => {})
  }
}

async function whenPrinted(child: ChildProcess, text: string, signal: AbortSignal): Promise<void> {
  if (child.stdout === null) throw new Error('its output cannot be read')
  const lines = createInterface({ input: child.stdout })
  const { promise: printed, resolve, reject } = Promise.withResolvers<void>()
  signal.addEventListener('abort', reject, { once: true })
  lines.on('line', (line) => {
    if (line.includes(text)) resolve()
  })
  try {
    await printed
  } finally {
    lines.close()
    // readline pauses its input when it is closed; a full pipe would stop the server.
    child.stdout.resume()
  }
}

async function whenAnswering(ask: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await ask())) await delay(ASK_EVERY_MS, undefined, { signal })
}

async function end(
  child: ChildProcess,
  exited: Promise<string>,
  endSignal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill(endSignal)
  child.kill('SIGCONT')
  const patience = new AbortController()
  const late = delay(STOP_GRACE_MS, true, { signal: patience.signal }).catch(() => false)
  if (await Promise.race([exited.then(() => false), late])) child.kill('SIGKILL')
  await Promise.race([once(child, 'exit'), exited])
  patience.abort()
}
