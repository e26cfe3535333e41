import type { MachineFinding } from '#contract/machine.ts'
import { findProgram } from '../find-program.ts'
import { type Installable, installCommand } from '../install-command.ts'
import { runProgram } from '../redis/run-program.ts'

const ANSWER_MS = 5_000
export const FETCHED_WHEN_NEEDED = 'fetched from the distribution when first needed, without root'

/** A program that stillin or its reader can use. */
export interface KnownProgram {
  readonly name: string
  readonly package: Installable
  /** In which order it is looked for. */
  readonly files: readonly string[]
  readonly versionArgs: readonly string[]
  readonly neededFor: string
  /** True: stillin fetches it by itself, without root, from a distribution of Debian's kind. */
  readonly fetched?: boolean
  /** Where no package manager has it. */
  readonly elsewhere?: string
}

/** Is it there, does it run, and if not, what brings it? @param path as in $PATH. */
export async function examineProgram(program: KnownProgram, path: string): Promise<MachineFinding> {
  const { name, neededFor } = program
  const file = await firstOf(program.files, path)
  if (file === undefined) {
    if (program.fetched && (await canFetch(path)))
      return { name, condition: 'on-demand', here: FETCHED_WHEN_NEEDED, neededFor, toGet: null }
    const toGet = (await installCommand(program.package, path)) ?? program.elsewhere ?? null
    return { name, condition: 'missing', here: 'not found', neededFor, toGet }
  }
  try {
    const { stdout, stderr } = await runProgram(file, program.versionArgs, { timeoutMs: ANSWER_MS })
    const version = /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'of unknown version'
    return { name, condition: 'ready', here: `${version}, ${file}`, neededFor, toGet: null }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { name, condition: 'unusable', here: `${file} does not run: ${why}`, neededFor, toGet: null }
  }
}

/** Has this system the two programs that a package is fetched and unpacked with? */
export async function canFetch(path: string): Promise<boolean> {
  const programs = await Promise.all(['apt-get', 'dpkg'].map((name) => findProgram(name, path)))
  return programs.every((file) => file !== undefined)
}

async function firstOf(names: readonly string[], path: string): Promise<string | undefined> {
  for (const name of names) {
    const file = await findProgram(name, path)
    if (file !== undefined) return file
  }
  return undefined
}
