import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { KeyRing } from '#contract/keys.ts'
import { parseKeySource } from './balance/routing-key.ts'
import type { Affinity, ProxyConfig } from './proxy.ts'
import { parseUpstreamUrl } from './upstream/upstream.ts'

/** Bad input, told to the person who started the process. */
export function refuse(message: string, hint: string): never {
  throw new StillinError(message, { exitCode: EXIT.usage, hint })
}

const KEY_RING_HINT = 'give it a key ring as the cluster writes it'
const UPSTREAMS_HINT = 'write node-1=http://127.0.0.1:20001,node-2=http://127.0.0.1:20002;weight=2'

export function parsePort(name: string, value: string): number {
  const number = Number(value)
  if (number > 65_535) refuse(`${name} is ${value}`, 'set it to a port, 0 to 65535')
  return number
}

/** `id=url;weight=n`, comma separated; an id `web-*` is completed with each address of a name. */
export function parseUpstreams(list: string): ProxyConfig['upstreams'] {
  const seen = new Set<string>()
  return list.split(',').map((entry) => {
    const pattern = /^([A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:(?<=-)\*)?)=([^;]+)(?:;weight=([1-9]\d?|100))?$/
    const [, id, address, weight] = pattern.exec(entry.trim()) ?? []
    if (id === undefined || address === undefined)
      refuse(`STILLIN_UPSTREAMS has the entry ${JSON.stringify(entry)}`, UPSTREAMS_HINT)
    if (seen.has(id)) refuse(`STILLIN_UPSTREAMS names ${id} twice`, 'give every upstream an id of its own')
    seen.add(id)
    const url = parseUpstreamUrl(address)
    if (typeof url === 'string') refuse(`STILLIN_UPSTREAMS: ${url}`, UPSTREAMS_HINT)
    return weight === undefined ? { id, url } : { id, url, weight: Number(weight) }
  })
}

/** `mode`, `none`, `cookie`, or `hash:` with what `parseKeySource` reads. */
export function parseAffinity(value: string): Affinity {
  if (value === 'mode') return { kind: 'by-mode' }
  if (value === 'none' || value === 'cookie') return { kind: value }
  const source = value.startsWith('hash:') ? parseKeySource(value.slice(5)) : undefined
  if (!source)
    refuse(
      `STILLIN_AFFINITY is ${JSON.stringify(value)}`,
      'set it to mode, none, cookie, hash:COOKIE or hash:header:HEADER',
    )
  return { kind: 'hash', source }
}

export function parseNetworks(value: string): readonly string[] {
  const networks = value.split(',').map((network) => network.trim())
  for (const network of networks) {
    const [address = '', bits, ...more] = network.split('/')
    const family = isIP(address)
    const isGood = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
    if (family === 0 || !isGood || more.length > 0)
      refuse(
        `STILLIN_TRUSTED_PROXIES has ${JSON.stringify(network)}`,
        'write addresses or networks: 127.0.0.1,10.0.0.0/8',
      )
  }
  return networks
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

/** The key ring's cookie secret; one that ends with the process where there is no key ring. */
export function readCookieSecret(path: string | undefined): Uint8Array {
  if (path === undefined) return randomBytes(32)
  const content = readFile('STILLIN_KEYS_FILE', path)
  let ring: Partial<KeyRing> | null
  try {
    ring = JSON.parse(content) as Partial<KeyRing> | null
  } catch {
    return refuse('STILLIN_KEYS_FILE is not JSON', KEY_RING_HINT)
  }
  const secret = Buffer.from(typeof ring?.cookieSecret === 'string' ? ring.cookieSecret : '', 'base64url')
  if (secret.length < 32) refuse('STILLIN_KEYS_FILE has no cookieSecret of 32 bytes', KEY_RING_HINT)
  return secret
}

export function readAdminToken(token: string | undefined, file: string | undefined): string {
  if (token !== undefined && file !== undefined)
    refuse('STILLIN_ADMIN_TOKEN and STILLIN_ADMIN_TOKEN_FILE are both set', 'unset one of them')
  const value = token ?? (file === undefined ? '' : readFile('STILLIN_ADMIN_TOKEN_FILE', file).trim())
  if (value === '')
    refuse('the private listener has no token', 'set STILLIN_ADMIN_TOKEN or STILLIN_ADMIN_TOKEN_FILE')
  return value
}
