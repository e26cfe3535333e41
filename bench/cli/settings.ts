import { Type } from 'typebox'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { TOKEN_ALGORITHMS, TOKEN_VERIFIERS } from '#contract/keys.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import { OUTAGE_POLICIES } from '#contract/outage.ts'
import { REFRESH_HOMES, RENEWALS } from '#contract/renewal.ts'
import { SESSION_READERS } from '#contract/session-readers.ts'
import { STORE_NAMES } from '#contract/stores.ts'

/**
 * Every setting of the command line that can also come from the environment or from stillin.config.json.
 * One schema for all three: a flag `--jwt-verifier`, a variable `STILLIN_JWT_VERIFIER`, a key `jwtVerifier`.
 */
export const SettingsSchema = Type.Object(
  {
    /** How logins are remembered. */
    mode: Type.Optional(Type.Enum([...MODE_NAMES])),
    /** How many auth nodes. */
    nodes: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
    /** Where the proxy listens; 0: any free port. */
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    /** Where control listens; 0: any free port. */
    controlPort: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    /** How many lab users exist. */
    users: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    /** What carries requests from the proxy to the nodes. */
    forwarder: Type.Optional(Type.Enum([...FORWARDER_NAMES])),
    /** How nodes find the session that a request carries. */
    sessionReader: Type.Optional(Type.Enum([...SESSION_READERS])),
    jwtAlgorithm: Type.Optional(Type.Enum([...TOKEN_ALGORITHMS])),
    jwtVerifier: Type.Optional(Type.Enum([...TOKEN_VERIFIERS])),
    /** Encrypt tokens instead of signing them. */
    jwtEncrypt: Type.Optional(Type.Boolean()),
    /** How many verified tokens each node remembers; 0: none. */
    jwtCache: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999 })),
    /** Lifetime of a login; of what a use or a refresh renews, where something does; seconds. */
    lifetimeS: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    /** How a login is made to last. */
    renewal: Type.Optional(Type.Enum([...RENEWALS])),
    /** Where the refresh token of a pair is remembered. */
    refresh: Type.Optional(Type.Enum([...REFRESH_HOMES])),
    /** A refresh token in the store is good once, without any grace. */
    refreshStrict: Type.Optional(Type.Boolean()),
    /** Absolute lifetime of a login that is renewed, seconds. */
    refreshS: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    /** Live sessions of one user, in modes that keep sessions. */
    sessionsPerUser: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** Users logged in at a time, in modes that keep sessions. */
    usersOnlineMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** A second service on an origin of its own that accepts the logins. */
    shop: Type.Optional(Type.Boolean()),
    /** What is the central store of mode redis. */
    store: Type.Optional(Type.Enum([...STORE_NAMES])),
    /** Use this store in Redis's place and no other: an address, or an absolute path. */
    storeUrl: Type.Optional(Type.String({ minLength: 1 })),
    /** What mode redis does with lookups while Redis is away. */
    outage: Type.Optional(Type.Enum([...OUTAGE_POLICIES])),
    /** Use this Redis and no other; the variable is REDIS_URL. */
    redisUrl: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false },
)

export type Settings = Type.Static<typeof SettingsSchema>
export type SettingName = keyof Settings

export const SETTING_NAMES = Object.keys(SettingsSchema.properties) as SettingName[]

/** `jwtVerifier` → `STILLIN_JWT_VERIFIER`; `redisUrl` goes by the name that everybody knows. */
export function variableName(name: SettingName): string {
  return name === 'redisUrl' ? 'REDIS_URL' : `STILLIN_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`
}

/** `jwtVerifier` → `--jwt-verifier`. */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, '-$&').toLowerCase()}`
}
