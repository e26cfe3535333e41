import type { ShopEnvironment } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'

/** The settings of the shop, parsed and complete. */
export interface ShopConfig {
  readonly host: string
  readonly port: number
  /** Base address, without a slash at its end. */
  readonly authUrl: string
  readonly secret: string
  /** A token that was made to live longer is refused. */
  readonly lifetimeMaxS: number
}

type Name = keyof ShopEnvironment

/** What each variable must be, in words where it is not. */
const VARIABLES: Readonly<Record<Name, { fits(text: string): boolean; must: string }>> = {
  STILLIN_HOST: { fits: (text) => text !== '', must: 'an address to listen on' },
  STILLIN_PORT: {
    fits: (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
    must: 'a port, 0 to 65535',
  },
  STILLIN_AUTH_URL: {
    fits: (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
    must: 'the http:// or https:// address of the auth service',
  },
  STILLIN_SHOP_SECRET: {
    fits: (text) => /^[!-~]{16,}$/.test(text),
    must: 'a secret of at least 16 visible characters',
  },
  STILLIN_LIFETIME_S: {
    fits: (text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 86_400,
    must: 'a whole number of seconds, 1 to 86400',
  },
}

/**
 * Reads the `STILLIN_*` variables of contract/environment.ts.
 * @throws StillinError (usage) naming the variable and what to put there.
 */
export function readShopConfig(environment: NodeJS.ProcessEnv): ShopConfig {
  const known = Object.keys(VARIABLES)
  const unknown = Object.keys(environment).find(
    (name) => name.startsWith('STILLIN_') && !known.includes(name),
  )
  if (unknown !== undefined) throw usage(`${unknown}: no such setting of the shop; unset it`)
  const optional = (name: Name): string | undefined => {
    const text = environment[name]
    if (text === undefined || VARIABLES[name].fits(text)) return text
    throw usage(`${name}: expected ${VARIABLES[name].must}, got ${JSON.stringify(text)}`)
  }
  const required = (name: Name): string => {
    const text = optional(name)
    if (text === undefined) throw usage(`${name}: expected ${VARIABLES[name].must}; it is not set`)
    return text
  }
  return {
    host: optional('STILLIN_HOST') ?? '127.0.0.1',
    port: Number(required('STILLIN_PORT')),
    authUrl: required('STILLIN_AUTH_URL').replace(/\/+$/, ''),
    secret: required('STILLIN_SHOP_SECRET'),
    lifetimeMaxS: Number(optional('STILLIN_LIFETIME_S') ?? 300),
  }
}

function usage(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage })
}
