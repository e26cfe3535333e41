import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/stillin.mjs', import.meta.url))

/** The real command in a folder of its own. */
export interface RunningStillin {
  readonly child: ChildProcess
  readonly folder: string
  /** What it printed until its end. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

export async function withFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'stillin-test-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function runStillin(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningStillin {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    printed.stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed.stderr += chunk.toString()
  })
  return { child, folder, ended: once(child, 'close').then(([code]) => ({ code, ...printed })) }
}
