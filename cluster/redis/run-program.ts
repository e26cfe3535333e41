import { execFile } from 'node:child_process'
import { inheritedEnvironment } from '../config.ts'

export interface Ran {
  readonly stdout: string
  readonly stderr: string
}

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024

export interface RunOptions {
  readonly timeoutMs: number
  readonly cwd?: string
  /** Beyond what every child gets. */
  readonly environment?: Readonly<Record<string, string>>
  /** Another user to run as. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly signal?: AbortSignal | undefined
}

/** Runs a program to its end. @throws Error with its last line when it fails, takes longer than `timeoutMs` or is aborted. */
export function runProgram(file: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(
      file,
      [...args],
      {
        timeout: options.timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        // Its output is read, so it must not be translated.
        env: {
          ...inheritedEnvironment(),
          LC_ALL: 'C',
          DEBIAN_FRONTEND: 'noninteractive',
          ...options.environment,
        },
        ...options.user,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ stdout, stderr })
        const lastLine = stderr.trim().split('\n').at(-1)
        const why = error.killed ? `no end within ${options.timeoutMs} ms` : lastLine || error.message
        reject(new Error(why, { cause: error }))
      },
    )
  })
}
