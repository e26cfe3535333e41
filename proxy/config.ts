import { Check } from 'typebox/schema'
import {
  FORWARDER_NAMES,
  type ForwarderName,
  PROXY_ALGORITHMS,
  type ProxyAlgorithm,
} from '#contract/environment.ts'
import { MODE_NAMES, type ModeName } from '#contract/modes.ts'
import {
  parseAffinity,
  parseNetworks,
  parsePort,
  parseUpstreams,
  readAdminToken,
  readCookieSecret,
  refuse,
} from './config-values.ts'
import type { ProxyConfig } from './proxy.ts'

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
const SETTINGS = {
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
  STILLIN_LOG_LEVEL: one(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']),
  STILLIN_PLANT: text('a planted bug'),
  STILLIN_UPSTREAMS: text('a list such as node-1=http://127.0.0.1:20001,node-2=http://127.0.0.1:20002'),
  STILLIN_FORWARDER: one(FORWARDER_NAMES),
  STILLIN_BALANCER: one(PROXY_ALGORITHMS),
  STILLIN_RESOLVE_S: setting('^[1-9][0-9]{0,3}$', 'whole seconds, 1 to 9999'),
  STILLIN_AFFINITY: text('mode, none, cookie, hash:COOKIE or hash:header:HEADER'),
  STILLIN_TRUSTED_PROXIES: text('addresses or networks: 127.0.0.1,10.0.0.0/8'),
  STILLIN_ACCESS_LOG: one(['0', '1']),
} as const satisfies Record<string, Setting>
type Name = keyof typeof SETTINGS
const REQUIRED: readonly string[] = ['STILLIN_PORT', 'STILLIN_UPSTREAMS'] satisfies Name[]

export interface ProcessConfig {
  proxy: ProxyConfig
  host: string
  port: number
  /** Absent: no private listener. */
  admin: { host: string; port: number } | undefined
}

/** What is set and well-formed. */
function checked(environment: NodeJS.ProcessEnv): Partial<Record<Name, string>> {
  const given = Object.entries(environment).filter(([name]) => name.startsWith('STILLIN_'))
  const names = Object.keys(SETTINGS)
  for (const [name, value] of given) {
    if (!names.includes(name))
      refuse(`${name} is not a setting of the proxy`, `unset it; known: ${names.join(', ')}`)
    const schema = SETTINGS[name as Name]
    if (value !== undefined && !Check(schema, value))
      refuse(`${name} is ${JSON.stringify(value)}`, `set it to ${schema.description}`)
  }
  const set = Object.fromEntries(given) as Partial<Record<Name, string>>
  for (const name of REQUIRED)
    if (set[name as Name] === undefined)
      refuse(`${name} is missing`, `set it to ${SETTINGS[name as Name].description}`)
  return set
}

/**
 * Reads and checks the environment.
 * @throws StillinError with the name that is wrong and what to do.
 */
export function readConfig(environment: NodeJS.ProcessEnv): ProcessConfig {
  const set = checked(environment)
  if (set.STILLIN_PLANT !== undefined)
    refuse(`STILLIN_PLANT is ${JSON.stringify(set.STILLIN_PLANT)}`, 'the proxy has no planted bugs; unset it')
  const isPrivate = set.STILLIN_ADMIN_PORT !== undefined
  const trusted = set.STILLIN_TRUSTED_PROXIES
  return {
    host: set.STILLIN_HOST ?? '127.0.0.1',
    port: parsePort('STILLIN_PORT', set.STILLIN_PORT ?? ''),
    admin: isPrivate
      ? {
          host: set.STILLIN_ADMIN_HOST ?? '127.0.0.1',
          port: parsePort('STILLIN_ADMIN_PORT', set.STILLIN_ADMIN_PORT ?? ''),
        }
      : undefined,
    proxy: {
      mode: (set.STILLIN_MODE ?? 'local') as ModeName,
      generation: Number(set.STILLIN_GENERATION ?? 1),
      forwarder: (set.STILLIN_FORWARDER ?? 'http-proxy') as ForwarderName,
      algorithm: (set.STILLIN_BALANCER ?? 'round-robin') as ProxyAlgorithm,
      affinity: parseAffinity(set.STILLIN_AFFINITY ?? 'mode'),
      upstreams: parseUpstreams(set.STILLIN_UPSTREAMS ?? ''),
      cookieSecret: readCookieSecret(set.STILLIN_KEYS_FILE),
      tls: set.STILLIN_TLS === '1',
      adminToken: isPrivate
        ? readAdminToken(set.STILLIN_ADMIN_TOKEN, set.STILLIN_ADMIN_TOKEN_FILE)
        : undefined,
      trustedProxies: trusted === undefined ? [] : parseNetworks(trusted),
      resolveEveryMs: set.STILLIN_RESOLVE_S === undefined ? undefined : Number(set.STILLIN_RESOLVE_S) * 1000,
      accessLog: set.STILLIN_ACCESS_LOG === '1' ? { level: set.STILLIN_LOG_LEVEL ?? 'info' } : undefined,
    },
  }
}
