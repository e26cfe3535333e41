import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StillinError } from '#contract/errors.ts'
import type { FailedMessage, ReadyMessage } from '#contract/supervision.ts'
import { inheritedEnvironment } from './config.ts'
import { PROJECT_ROOT } from './entry-point.ts'
import { openLifeline } from './lifeline.ts'
import { keepTail } from './output-tail.ts'

export interface ChildOptions {
  /** Absolute path of the first file; see `entryPoint`. */
  entry: string
  /** What it is called in messages, e.g. `node-2`. */
  name: string
  /** Beyond PATH, HOME, TMPDIR and NODE_ENV. Members that are undefined are left out. */
  env: Readonly<Record<string, string | undefined>>
  args?: readonly string[]
  readyTimeoutMs?: number
  signal?: AbortSignal | undefined
}

export interface ChildExit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A Node process of ours that said it is ready. */
export interface Child extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly ready: ReadyMessage
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<ChildExit>
  /** False from the moment its end was noticed. */
  readonly alive: boolean
  /** The end of what it printed. */
  output(): string
  send(message: object): void
  onMessage(listener: (message: unknown) => void): void
  signal(name: NodeJS.Signals): void
  /** SIGTERM (also to a paused process), and SIGKILL where that is not enough within `graceMs`. Resolves when it is gone. */
  stop(graceMs?: number): Promise<ChildExit>
}

/** Compiled code is kept here: a part that was started once starts in about half the time. */
const COMPILE_CACHE = join(PROJECT_ROOT, '.cache', 'compile')
const READY_TIMEOUT_MS = 20_000
const STOP_GRACE_MS = 3_000
const LAST_WORDS_MS = 200

/**
 * Starts a .ts entry on this very Node and waits for its ready message (contract/supervision.ts).
 * The child dies with this process, leads a process group of its own (Ctrl-C in a terminal reaches this process alone,
 * which decides in what order things end), and has the IPC channel.
 * @throws StillinError with the child's own words when it fails, ends or is not ready in time.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const lifeline = await openLifeline()
  options.signal?.throwIfAborted()
  const [file, args] = lifeline.wrap(process.execPath, [options.entry, ...(options.args ?? [])])
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...inheritedEnvironment(), NODE_COMPILE_CACHE: COMPILE_CACHE, ...definedOnly(options.env) },
    detached: true,
  })
  const output = keepTail(child.stdout, child.stderr)
  // An IPC message that crosses the child's end surfaces here as EPIPE; the end itself is what counts.
  child.on('error', () => {})
  if (child.pid === undefined) {
    const [error] = await once(child, 'error')
    throw new StillinError(`${options.name} could not be started: ${String(error)}`)
  }
  const release = lifeline.hold(child.pid)
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      release()
      resolve({ code, signal })
    })
  })
  try {
    const ready = await whenReady(child, exited, options, output)
    return childHandle(child, options.name, ready, exited, output)
  } catch (error) {
    child.kill('SIGKILL')
    await exited
    throw error
  }
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

async function whenReady(
  child: ChildProcess,
  exited: Promise<ChildExit>,
  { name, readyTimeoutMs = READY_TIMEOUT_MS, signal }: ChildOptions,
  output: () => string,
): Promise<ReadyMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadyMessage>()
  const fail = (message: string, hint?: string): void =>
    reject(new StillinError(message, hint === undefined ? {} : { hint }))
  const onMessage = (message: ReadyMessage | FailedMessage): void => {
    if (message.type === 'ready') resolve(message)
    if (message.type === 'failed') fail(`${name} could not start: ${message.message}`, message.hint)
  }
  const onAbort = (): void => reject(signal?.reason)
  const timer = setTimeout(() => {
    fail(withOutput(`${name} was not ready within ${readyTimeoutMs} ms`, output()))
  }, readyTimeoutMs)
  child.on('message', onMessage)
  signal?.addEventListener('abort', onAbort, { once: true })
  const closed = once(child, 'close')
  exited.then(async ({ code, signal: by }) => {
    // Its last words may still be on their way when the exit is seen.
    await Promise.race([closed, delay(LAST_WORDS_MS, undefined, { ref: false })])
    fail(withOutput(`${name} ended before it was ready (${by ?? `exit code ${code}`})`, output()))
  })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    child.off('message', onMessage)
    signal?.removeEventListener('abort', onAbort)
  }
}

function withOutput(message: string, output: string): string {
  return output === '' ? message : `${message}; it printed:\n${output}`
}

function childHandle(
  child: ChildProcess,
  name: string,
  ready: ReadyMessage,
  exited: Promise<ChildExit>,
  output: () => string,
): Child {
  let alive = true
  exited.then(() => {
    alive = false
  })
  const stop = async (graceMs = STOP_GRACE_MS): Promise<ChildExit> => {
    if (!alive) return exited
    child.kill('SIGTERM')
    child.kill('SIGCONT')
    const patience = new AbortController()
    const late = delay(graceMs, true, { signal: patience.signal, ref: false }).catch(() => false)
    if (await Promise.race([exited.then(() => false), late])) child.kill('SIGKILL')
    patience.abort()
    return exited
  }
  return {
    name,
    pid: ready.pid,
    ready,
    exited,
    get alive() {
      return alive
    },
    output,
    send: (message) => {
      // A message that crosses the child's end is lost with it; the callback keeps that from being thrown.
      if (child.connected) child.send(message, () => {})
    },
    onMessage: (listener) => {
      child.on('message', listener)
    },
    signal: (signal) => {
      child.kill(signal)
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
}
