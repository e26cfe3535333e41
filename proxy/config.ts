import { readFileSync } from 'node:fs'
import { Check } from 'typebox/schema'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { KeyRing } from '#contract/keys.ts'
import { isModeName, MODE_NAMES } from '#contract/modes.ts'
import type { ProxyConfig } from './proxy.ts'
import { parseUpstreamUrl } from './upstream/upstream.ts'

interface Setting {
  type: 'string'
  pattern: string
  description: string
}
const setting = (pattern: string, description: string): Setting => ({ type: 'string', pattern, description })
const text = (description: string): Setting => setting('.', description)
const one = (values: readonly string[]): Setting =>
  setting(`^(?:${values.join('|')})$`, `one of ${values.join(', ')}`)
const PORT = setting('^[0-9]{1,5}$', 'a port, 0 to 65535; 0 lets the system choose')

/** The environment of proxy/main.ts (contract/environment.ts), each name with what it must be. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  STILLIN_HOST: text('the address of the public listener'),
  STILLIN_PORT: PORT,
  STILLIN_ADMIN_HOST: text('the address of the private listener'),
  STILLIN_ADMIN_PORT: PORT,
  STILLIN_ADMIN_TOKEN: text('the bearer token of the private listener'),
  STILLIN_ADMIN_TOKEN_FILE: text('a file that holds the bearer token'),
  STILLIN_MODE: one(MODE_NAMES),
  STILLIN_GENERATION: setting('^[0-9]{1,9}$', 'a whole number'),
  STILLIN_KEYS_FILE: text('a JSON file with the key ring'),
  STILLIN_TLS: one(['0', '1']),
  STILLIN_LOG_LEVEL: text('a pino level'),
  STILLIN_PLANT: text('a planted bug'),
  STILLIN_UPSTREAMS: text('a list such as node-1=http://127.0.0.1:20001,node-2=http://127.0.0.1:20002'),
  STILLIN_FORWARDER: one(FORWARDER_NAMES),
}
const REQUIRED = [
  'STILLIN_PORT',
  'STILLIN_ADMIN_PORT',
  'STILLIN_MODE',
  'STILLIN_KEYS_FILE',
  'STILLIN_UPSTREAMS',
]

export interface ProcessConfig {
  proxy: ProxyConfig
  host: string
  port: number
  adminHost: string
  adminPort: number
}

function refuse(message: string, hint: string): never {
  throw new StillinError(message, { exitCode: EXIT.usage, hint })
}

/**
 * Reads and checks the environment.
 * @throws StillinError with the name that is wrong and what to do.
 */
export function readConfig(environment: NodeJS.ProcessEnv): ProcessConfig {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name]) => name.startsWith('STILLIN_')),
  )
  const names = Object.keys(SETTINGS)
  for (const name of Object.keys(given))
    if (!names.includes(name))
      refuse(`${name} is not a setting of the proxy`, `unset it; known: ${names.join(', ')}`)
  for (const [name, schema] of Object.entries(SETTINGS)) {
    const value = given[name]
    if (value === undefined ? !REQUIRED.includes(name) : Check(schema, value)) continue
    const problem = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`
    refuse(`${name} ${problem}`, `set it to ${schema.description}`)
  }
  const { STILLIN_MODE: mode = '', STILLIN_FORWARDER: forwarder = 'http-proxy', STILLIN_PLANT: plant } = given
  if (!isModeName(mode))
    refuse(`STILLIN_MODE is ${JSON.stringify(mode)}`, `set it to one of ${MODE_NAMES.join(', ')}`)
  if (plant !== undefined)
    refuse(`STILLIN_PLANT is ${JSON.stringify(plant)}`, 'the proxy has no planted bugs; unset it')
  return {
    host: given['STILLIN_HOST'] ?? '127.0.0.1',
    port: port('STILLIN_PORT', given['STILLIN_PORT'] ?? ''),
    adminHost: given['STILLIN_ADMIN_HOST'] ?? '127.0.0.1',
    adminPort: port('STILLIN_ADMIN_PORT', given['STILLIN_ADMIN_PORT'] ?? ''),
    proxy: {
      mode,
      generation: Number(given['STILLIN_GENERATION'] ?? 1),
      forwarder: forwarder === 'undici' ? 'undici' : 'http-proxy',
      upstreams: upstreams(given['STILLIN_UPSTREAMS'] ?? ''),
      cookieSecret: cookieSecret(given['STILLIN_KEYS_FILE'] ?? ''),
      tls: given['STILLIN_TLS'] === '1',
      adminToken: adminToken(given['STILLIN_ADMIN_TOKEN'], given['STILLIN_ADMIN_TOKEN_FILE']),
      trustedProxies: [],
    },
  }
}

function port(name: string, value: string): number {
  const number = Number(value)
  if (number > 65_535) refuse(`${name} is ${value}`, 'set it to a port, 0 to 65535')
  return number
}

function upstreams(list: string): ProxyConfig['upstreams'] {
  const seen = new Set<string>()
  return list.split(',').map((entry) => {
    const [, id, address] = /^([A-Za-z0-9][A-Za-z0-9_-]{0,63})=(.+)$/.exec(entry.trim()) ?? []
    if (id === undefined || address === undefined)
      refuse(
        `STILLIN_UPSTREAMS has the entry ${JSON.stringify(entry)}`,
        'write node-1=http://127.0.0.1:20001,…',
      )
    if (seen.has(id)) refuse(`STILLIN_UPSTREAMS names ${id} twice`, 'give every upstream an id of its own')
    seen.add(id)
    const url = parseUpstreamUrl(address)
    if (typeof url === 'string') refuse(`STILLIN_UPSTREAMS: ${url}`, 'write node-1=http://127.0.0.1:20001,…')
    return { id, url }
  })
}

function readFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return refuse(
      `${name} cannot be read: ${(error as Error).message}`,
      'name a file that this process may read',
    )
  }
}

function cookieSecret(path: string): Uint8Array {
  let ring: Partial<KeyRing>
  try {
    ring = JSON.parse(readFile('STILLIN_KEYS_FILE', path)) as Partial<KeyRing>
  } catch (error) {
    if (error instanceof StillinError) throw error
    return refuse('STILLIN_KEYS_FILE is not JSON', 'give it a key ring as the cluster writes it')
  }
  const secret = Buffer.from(typeof ring?.cookieSecret === 'string' ? ring.cookieSecret : '', 'base64url')
  if (secret.length < 32)
    refuse('STILLIN_KEYS_FILE has no cookieSecret of 32 bytes', 'give it a key ring as the cluster writes it')
  return secret
}

function adminToken(token: string | undefined, file: string | undefined): string {
  if (token !== undefined && file !== undefined)
    refuse('STILLIN_ADMIN_TOKEN and STILLIN_ADMIN_TOKEN_FILE are both set', 'unset one of them')
  const value = token ?? (file === undefined ? '' : readFile('STILLIN_ADMIN_TOKEN_FILE', file).trim())
  if (value === '')
    refuse('the private listener has no token', 'set STILLIN_ADMIN_TOKEN or STILLIN_ADMIN_TOKEN_FILE')
  return value
}
