import { readFileSync } from 'node:fs'
import type { ControlEnvironment } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { isModeName, MODE_NAMES, type ModeName } from '#contract/modes.ts'
import { type NamedPart, parseParts } from './parts-setting.ts'

/** Everything control is told at its start. */
export interface ControlConfig {
  readonly host: string
  readonly port: number
  readonly token: string
  readonly adminToken: string
  readonly mode: ModeName
  /** Where no supervisor is connected: who is in the cluster. */
  readonly parts: readonly NamedPart[]
  readonly logLevel: string
  /** The key ring that the nodes share; undefined: keys cannot be changed. */
  readonly keysFile: string | undefined
}

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']
const DEFAULT_LOG_LEVEL = 'silent'
const MAX_PORT = 65_535

type Name = keyof ControlEnvironment

/**
 * What each variable must be, in words where it is not. A plain table: a schema library would be a third of this
 * process's start, which every run waits for.
 */
const VARIABLES: Readonly<Record<Name, (text: string) => string | undefined>> = {
  STILLIN_HOST: () => undefined,
  STILLIN_PORT: (text) =>
    /^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT ? undefined : `must be a port, 0 to ${MAX_PORT}`,
  STILLIN_CONTROL_TOKEN: () => undefined,
  STILLIN_CONTROL_TOKEN_FILE: () => undefined,
  STILLIN_ADMIN_TOKEN: () => undefined,
  STILLIN_ADMIN_TOKEN_FILE: () => undefined,
  STILLIN_MODE: (text) => (isModeName(text) ? undefined : `must be one of ${MODE_NAMES.join(', ')}`),
  STILLIN_PARTS: () => undefined,
  STILLIN_KEYS_FILE: () => undefined,
  STILLIN_LOG_LEVEL: (text) =>
    LOG_LEVELS.includes(text) ? undefined : `must be one of ${LOG_LEVELS.join(', ')}`,
}

/**
 * Reads the `STILLIN_*` variables of contract/environment.ts; an unknown one is refused, an empty one counts as unset
 * (a container file can only set it to something).
 * @throws StillinError naming the variable.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ControlConfig {
  const own = ownVariables(environment)
  const { STILLIN_PORT: port, STILLIN_MODE: mode } = own
  if (port === undefined) throw refuse('STILLIN_PORT is not set')
  if (mode === undefined) throw refuse('STILLIN_MODE is not set')
  return {
    host: own.STILLIN_HOST ?? '127.0.0.1',
    port: Number(port),
    token: readToken('STILLIN_CONTROL_TOKEN', own.STILLIN_CONTROL_TOKEN, own.STILLIN_CONTROL_TOKEN_FILE),
    adminToken: readToken('STILLIN_ADMIN_TOKEN', own.STILLIN_ADMIN_TOKEN, own.STILLIN_ADMIN_TOKEN_FILE),
    mode,
    parts: parseParts(own.STILLIN_PARTS ?? ''),
    logLevel: own.STILLIN_LOG_LEVEL ?? DEFAULT_LOG_LEVEL,
    keysFile: own.STILLIN_KEYS_FILE,
  }
}

function ownVariables(environment: NodeJS.ProcessEnv): Partial<ControlEnvironment> {
  const own: Partial<Record<Name, string>> = {}
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('STILLIN_')) continue
    if (!isName(name)) {
      const hint = `Known: ${Object.keys(VARIABLES).join(', ')}.`
      throw new StillinError(`${name} is not a setting of control`, { exitCode: EXIT.usage, hint })
    }
    if (!text) continue
    const problem = VARIABLES[name](text)
    if (problem !== undefined) throw refuse(`${name} ${problem}, not ${JSON.stringify(text)}`)
    own[name] = text
  }
  return own as Partial<ControlEnvironment>
}

function isName(name: string): name is Name {
  return Object.hasOwn(VARIABLES, name)
}

function refuse(message: string, cause?: unknown): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage, ...(cause === undefined ? {} : { cause }) })
}

function readToken(name: string, value: string | undefined, file: string | undefined): string {
  if (value !== undefined) return value
  if (file === undefined) throw refuse(`neither ${name} nor ${name}_FILE is set`)
  let token: string
  try {
    token = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw refuse(`${name}_FILE: ${file} cannot be read`, cause)
  }
  if (token === '') throw refuse(`${name}_FILE: ${file} is empty`)
  return token
}
