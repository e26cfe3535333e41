import { execFile } from 'node:child_process'
import { EXIT, StillinError } from '#contract/errors.ts'
import { dockerEnvironment } from '../config.ts'

/** Runs the docker command and answers what it printed. */
export type Docker = (...args: string[]) => Promise<string>

const RUN_MS = 60_000
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/** @throws StillinError with the last line of what went wrong; `unavailable` where there is no engine. */
export const docker: Docker = (...args) =>
  new Promise((resolve, reject) => {
    const options = {
      timeout: RUN_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      env: dockerEnvironment(),
    } as const
    execFile('docker', args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout)
      reject(explain(args, error as NodeJS.ErrnoException, stderr))
    })
  })

function explain(args: readonly string[], error: NodeJS.ErrnoException, stderr: string): StillinError {
  const last = stderr.trim().split('\n').at(-1) || error.message
  if (error.code === 'ENOENT')
    return new StillinError('there is no docker command on this machine', { exitCode: EXIT.unavailable })
  if (/cannot connect to the docker daemon|permission denied.*docker/i.test(stderr))
    return new StillinError(`no Docker engine answers: ${last}`, {
      exitCode: EXIT.unavailable,
      hint: 'Start it, or set DOCKER_HOST to one that runs.',
    })
  return new StillinError(`docker ${args[0]} failed: ${last}`)
}
