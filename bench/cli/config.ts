import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'
import { type Checked, checkText, checkValue } from './check-value.ts'
import { TOKEN_VARIABLE } from './control-connection.ts'
import { SETTING_NAMES, type SettingName, type Settings, SettingsSchema, variableName } from './settings.ts'

export const CONFIG_FILE = 'stillin.config.json'

/** Where settings come from beside the flags. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly folder: string
}

/**
 * The settings: flags win over `STILLIN_*` variables (and REDIS_URL), these over stillin.config.json in the working
 * folder. What is set nowhere is absent.
 * @throws StillinError naming the variable or the key that is unknown or wrong, and what is allowed.
 */
export function resolveSettings(flags: Settings, { environment, folder }: Surroundings): Settings {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  return { ...fromFile(join(folder, CONFIG_FILE)), ...fromEnvironment(environment), ...given }
}

/** Variables that other parts of the lab read, and that are none of the command's settings. */
const OTHER_VARIABLES = [
  'STILLIN_PLANT',
  TOKEN_VARIABLE,
  // docker-compose.yml reads these.
  'STILLIN_ADMIN_PORT',
  'STILLIN_ACCESS_LOG',
  'STILLIN_AFFINITY_KEY',
  'STILLIN_BUILD_NETWORK',
  'STILLIN_DIRECTORY_URL',
  'STILLIN_HAPROXY_PORT',
  'STILLIN_LOG_LEVEL',
  'STILLIN_NODE_CPUS',
  'STILLIN_NODE_MEMORY',
  'STILLIN_REDIS_TIMEOUT_MS',
]

function fromEnvironment(environment: Surroundings['environment']): Settings {
  const known = new Map(SETTING_NAMES.map((name) => [variableName(name), name]))
  const settings: Record<string, unknown> = {}
  for (const [variable, text] of Object.entries(environment)) {
    const name = known.get(variable)
    if (name !== undefined && text !== undefined && text !== '') {
      settings[name] = demand(variable, text, checkText(SettingsSchema.properties[name], text))
    } else if (name === undefined && variable.startsWith('STILLIN_') && !OTHER_VARIABLES.includes(variable)) {
      throw refuse(`${variable} is not a setting of stillin`, `Known: ${[...known.keys()].join(', ')}.`)
    }
  }
  return settings as Settings
}

function fromFile(file: string): Settings {
  if (!existsSync(file)) return {}
  const content = parse(file)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw refuse(`${CONFIG_FILE} must hold one JSON object`)
  }
  for (const [key, value] of Object.entries(content)) {
    if (!isSettingName(key)) {
      throw refuse(
        `${CONFIG_FILE}: unknown key ${JSON.stringify(key)}`,
        `Allowed: ${SETTING_NAMES.join(', ')}.`,
      )
    }
    demand(`${CONFIG_FILE}: ${key}`, value, checkValue(SettingsSchema.properties[key], value))
  }
  return content as Settings
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw refuse(`${CONFIG_FILE} cannot be read: ${fileProblem(cause)}`)
  }
}

function demand(where: string, given: unknown, checked: Checked): unknown {
  if ('must' in checked) throw refuse(`${where} ${checked.must}, not ${JSON.stringify(given)}`)
  return checked.value
}

function isSettingName(key: string): key is SettingName {
  return (SETTING_NAMES as string[]).includes(key)
}

function refuse(message: string, hint?: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage, ...(hint === undefined ? {} : { hint }) })
}
