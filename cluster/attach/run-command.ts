import { execFile } from 'node:child_process'
import { StillinError } from '#contract/errors.ts'
import { inheritedEnvironment } from '../config.ts'

const COMMAND_MS = 60_000

/** Runs a program of a file to its end. @returns what it printed. @throws StillinError where it fails or takes a minute. */
export function runCommand([program = '', ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: COMMAND_MS, env: inheritedEnvironment() }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout)
      reject(new StillinError(`${program} failed: ${stderr.trim().split('\n').at(-1) || error.message}`))
    })
  })
}
