import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Errors } from 'typebox/schema'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'
import { isModeName, MODE_NAMES } from '#contract/modes.ts'
import { RESULT_SCHEMA_VERSION, type RunResult } from '#contract/result.ts'
import { ResultSchema } from './result-schema.ts'

/**
 * Reads a result.
 * @param path a result file, or the folder it is in.
 * @throws StillinError naming the file and what is wrong: not there, not JSON, another version, or the first member
 *   that does not fit the schema.
 */
export function readResult(path: string): RunResult {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'result.json') : path
  if (!existsSync(file)) throw refuse(`${file} does not exist`, 'Name a result.json, or the folder it is in.')
  const value = parse(file)
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  if (version !== RESULT_SCHEMA_VERSION) {
    throw refuse(
      `${file} is ${version === undefined ? 'no result of stillin' : `a result of schema version ${String(version)}`}`,
      `This stillin reads schema version ${RESULT_SCHEMA_VERSION}.`,
    )
  }
  const flaw = firstFlaw(value)
  if (flaw !== undefined)
    throw refuse(`${file} does not fit the schema: ${flaw}`, 'See docs/result.schema.json.')
  const unknown = unknownMode(value as RunResult)
  if (unknown !== undefined)
    throw refuse(
      `${file} names the mode ${JSON.stringify(unknown)}, which this stillin does not know`,
      `It knows ${MODE_NAMES.join(', ')}. Read the file with the version that wrote it.`,
    )
  return value as RunResult
}

/** Tables look up what a mode promises. */
function unknownMode({ configuration, failures }: RunResult): string | undefined {
  return [...configuration.modes, ...failures.map(({ mode }) => mode)].find((mode) => !isModeName(mode))
}

/** The first member that does not fit, and what it must be; undefined: all fit. */
export function firstFlaw(value: unknown): string | undefined {
  const [, errors] = Errors(ResultSchema, value)
  const [first] = errors
  return first === undefined ? undefined : `${first.instancePath || 'the whole'} ${first.message}`
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw refuse(`${file} cannot be read: ${fileProblem(error)}`)
  }
}

function refuse(message: string, hint?: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage, ...(hint === undefined ? {} : { hint }) })
}
