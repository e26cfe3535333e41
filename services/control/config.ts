import { readFileSync } from 'node:fs'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { EXIT, StillinError } from '#contract/errors.ts'
import { MODE_NAMES, type ModeName } from '#contract/modes.ts'
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
}

const PORT = '^([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$'

const Environment = Type.Object(
  {
    STILLIN_HOST: Type.Optional(Type.String()),
    STILLIN_PORT: Type.String({ pattern: PORT }),
    STILLIN_CONTROL_TOKEN: Type.Optional(Type.String()),
    STILLIN_CONTROL_TOKEN_FILE: Type.Optional(Type.String()),
    STILLIN_ADMIN_TOKEN: Type.Optional(Type.String()),
    STILLIN_ADMIN_TOKEN_FILE: Type.Optional(Type.String()),
    STILLIN_MODE: Type.Enum([...MODE_NAMES]),
    STILLIN_PARTS: Type.Optional(Type.String()),
    STILLIN_LOG_LEVEL: Type.Optional(
      Type.Enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']),
    ),
  },
  { additionalProperties: false },
)

/**
 * Reads the `STILLIN_*` variables of contract/environment.ts; an unknown one is refused.
 * @throws StillinError naming the variable.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ControlConfig {
  const own = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name.startsWith('STILLIN_') && value !== undefined),
  )
  if (!Value.Check(Environment, own)) throw refuse(own)
  return {
    host: own.STILLIN_HOST ?? '127.0.0.1',
    port: Number(own.STILLIN_PORT),
    token: readToken('STILLIN_CONTROL_TOKEN', own.STILLIN_CONTROL_TOKEN, own.STILLIN_CONTROL_TOKEN_FILE),
    adminToken: readToken('STILLIN_ADMIN_TOKEN', own.STILLIN_ADMIN_TOKEN, own.STILLIN_ADMIN_TOKEN_FILE),
    mode: own.STILLIN_MODE,
    parts: parseParts(own.STILLIN_PARTS ?? ''),
    logLevel: own.STILLIN_LOG_LEVEL ?? 'silent',
  }
}

function refuse(own: Record<string, unknown>): StillinError {
  const known = Object.keys(Environment.properties)
  const unknown = Object.keys(own).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    return new StillinError(`${unknown} is not a setting of control`, {
      exitCode: EXIT.usage,
      hint: `Known: ${known.join(', ')}.`,
    })
  }
  const wrong = known.find((name) => {
    const schema = Environment.properties[name as keyof typeof Environment.properties]
    return own[name] === undefined
      ? Environment.required.includes(name as never)
      : !Value.Check(schema, own[name])
  })
  const name = wrong ?? 'STILLIN_*'
  const value = own[name] === undefined ? 'is not set' : `is not usable: ${JSON.stringify(own[name])}`
  return new StillinError(`${name} ${value}`, { exitCode: EXIT.usage })
}

/** An empty variable counts as unset, as container files can only set it to something. */
function readToken(name: string, value: string | undefined, file: string | undefined): string {
  if (value) return value
  if (!file) {
    throw new StillinError(`neither ${name} nor ${name}_FILE is set`, { exitCode: EXIT.usage })
  }
  let token: string
  try {
    token = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new StillinError(`${name}_FILE: ${file} cannot be read`, { exitCode: EXIT.usage, cause })
  }
  if (token === '') throw new StillinError(`${name}_FILE: ${file} is empty`, { exitCode: EXIT.usage })
  return token
}
