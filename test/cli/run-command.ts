import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/stillin.mjs', import.meta.url))
const LIMIT_MS = 80_000

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The real command in a process of its own. */
export interface RunningCommand {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** The first line of its standard output. */
  readonly firstLine: Promise<string>
}

/** Nothing of this process's environment reaches it but what a command needs to run at all. */
export function startCommand(
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  { limitMs = LIMIT_MS }: { limitMs?: number } = {},
): RunningCommand {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH, HOME, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const overdue = setTimeout(() => child.kill('SIGKILL'), limitMs)
  let out = ''
  let err = ''
  const line = Promise.withResolvers<string>()
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk
    const end = out.indexOf('\n')
    if (end >= 0) line.resolve(out.slice(0, end))
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      clearTimeout(overdue)
      line.reject(new Error(`it ended with ${code} before it printed a line: ${err}`))
      resolve({ code, out, err })
    })
  })
  // Whoever does not wait for a line is not to be told that none came.
  line.promise.catch(() => {})
  return { child, ended, firstLine: line.promise }
}

/** Runs the real command to its end. */
export function runCommand(...parameters: Parameters<typeof startCommand>): Promise<Ended> {
  return startCommand(...parameters).ended
}

/** A folder to call it in, removed at the end. */
export async function workingFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'stillin test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
