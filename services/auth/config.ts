import { readFileSync } from 'node:fs'
import type { Static } from 'typebox'
import { Errors } from 'typebox/schema'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { TokenVerifier } from '#contract/keys.ts'
import { LAB } from '#contract/lab.ts'
import type { ModeName } from '#contract/modes.ts'
import { isModeName, MODE_NAMES, MODES } from '#contract/modes.ts'
import type { OutagePolicy } from '#contract/outage.ts'
import type { PlantName } from '#contract/plants.ts'
import type { SessionReaderName } from '#contract/session-readers.ts'
import type { StoreInstead, StoreName } from '#contract/stores.ts'
import { isServedBy } from '#contract/stores.ts'
import { type DirectoryPlace, readDirectoryPlace } from './directory/directory-place.ts'
import { NodeSettings } from './node-settings.ts'
import { readPeers } from './peers.ts'
import { readPlant } from './plants/read-plant.ts'
import { type RenewalConfig, type RenewalVariables, readRenewal } from './read-renewal.ts'
import { readStore } from './read-store.ts'
import type { PeerDirectory } from './sessions/replication/peer-directory.ts'
import type { SessionLimits } from './sessions/session-store.ts'
import { readShop, type Shop } from './sso/shop.ts'
import { readTrustedProxies } from './trusted-proxies.ts'

/** The settings of one node, parsed and complete. */
export interface NodeConfig extends RenewalConfig {
  nodeId: string
  host: string
  port: number
  adminHost: string
  adminPort: number
  adminToken: string
  mode: ModeName
  generation: number
  keysFile: string
  tls: boolean
  logLevel: string
  directory: DirectoryPlace
  users: number
  redisUrl: string | undefined
  /** The central store in Redis's place; undefined: Redis. */
  storeInstead: StoreInstead | undefined
  /** How long a question to the central store may take, whichever it is. */
  redisTimeoutMs: number
  outage: OutagePolicy
  /** The other nodes; undefined where nobody told. */
  peers: PeerDirectory | undefined
  /** How stale an answer of mode redis-cached may be. */
  cacheBoundMs: number
  /** How late a revocation may take hold in mode jwt-pushed. */
  pushedBoundMs: number
  sessionReader: SessionReaderName
  jwtVerifier: TokenVerifier
  /** Tokens are encrypted, not signed. */
  jwtEncrypt: boolean
  /** How many verified tokens are remembered; 0: none. */
  jwtCache: number
  lifetimeS: number
  idleS: number
  memory: { maxSessions: number; maxBytes: number; whenFull: 'refuse' | 'evict-oldest' }
  limits: SessionLimits
  /** Absolute lifetime of a login that is renewed, however often. */
  refreshS: number
  trustedProxies: readonly string[]
  /** A second service that accepts the logins made here. */
  shop: Shop | undefined
  /** A route that lets itself be forged, for the demonstration of how. */
  unprotectedRoute: boolean
  /** `PUT /clock` is served. */
  movableClock: boolean
  /** How far the clock is from the system's at the start. */
  clockOffsetMs: number
  /** NODE_ENV=test: gates exist. */
  testing: boolean
  /** A bug that is switched on, under NODE_ENV=test alone. */
  plant: PlantName | undefined
}

/**
 * Reads a node's settings from environment variables.
 * @throws StillinError (usage) naming the variable and what to put there.
 */
export function readNodeConfig(environment: NodeJS.ProcessEnv): NodeConfig {
  const settings = checked(environment)
  const testing = environment['NODE_ENV'] === 'test'
  const plant = readPlant(settings.STILLIN_PLANT, testing)
  const mode = settings.STILLIN_MODE
  if (!isModeName(mode)) throw usage(`STILLIN_MODE: expected one of ${MODE_NAMES.join(', ')}`)
  const storeInstead = readStore(settings.STILLIN_STORE as StoreName | undefined, settings.STILLIN_STORE_URL)
  if (storeInstead !== undefined && !isServedBy(mode, storeInstead.name))
    throw usage(`STILLIN_STORE: mode ${mode} needs redis; choose mode redis, or unset STILLIN_STORE`)
  if (storeInstead === undefined && MODES[mode].needs.includes('redis') && !settings.STILLIN_REDIS_URL)
    throw usage(`STILLIN_REDIS_URL: mode ${mode} needs it; set it to a redis:// URL or choose another mode`)
  if (settings.STILLIN_CLOCK_OFFSET_MS !== undefined && settings.STILLIN_CLOCK !== 'movable')
    throw usage('STILLIN_CLOCK_OFFSET_MS: set STILLIN_CLOCK to movable, or unset it')
  const lifetimeS = Number(settings.STILLIN_LIFETIME_S ?? MODES[mode].accessS)
  return {
    nodeId: settings.STILLIN_NODE_ID,
    host: settings.STILLIN_HOST ?? '127.0.0.1',
    port: Number(settings.STILLIN_PORT),
    adminHost: settings.STILLIN_ADMIN_HOST ?? '127.0.0.1',
    adminPort: Number(settings.STILLIN_ADMIN_PORT),
    adminToken: readAdminToken(settings),
    mode,
    generation: Number(settings.STILLIN_GENERATION ?? 1),
    keysFile: settings.STILLIN_KEYS_FILE,
    tls: settings.STILLIN_TLS === '1',
    logLevel: settings.STILLIN_LOG_LEVEL ?? 'silent',
    directory: readDirectoryPlace(settings),
    users: Number(settings.STILLIN_USERS ?? LAB.users),
    redisUrl: settings.STILLIN_REDIS_URL,
    storeInstead,
    redisTimeoutMs: Number(settings.STILLIN_REDIS_TIMEOUT_MS ?? 200),
    outage: (settings.STILLIN_OUTAGE as OutagePolicy | undefined) ?? 'closed',
    peers: readPeers(settings.STILLIN_PEERS, settings.STILLIN_NODE_ID),
    cacheBoundMs: Number(settings.STILLIN_CACHE_BOUND_MS ?? MODES['redis-cached'].boundMs),
    pushedBoundMs: Number(settings.STILLIN_PUSHED_BOUND_MS ?? MODES['jwt-pushed'].boundMs),
    sessionReader: (settings.STILLIN_SESSION_READER as SessionReaderName | undefined) ?? 'fastify-session',
    jwtVerifier: (settings.STILLIN_JWT_VERIFIER as TokenVerifier | undefined) ?? 'jose',
    jwtEncrypt: settings.STILLIN_JWT_ENCRYPT === '1',
    jwtCache: Number(settings.STILLIN_JWT_CACHE ?? 0),
    lifetimeS,
    idleS: Math.min(lifetimeS, Number(settings.STILLIN_IDLE_S ?? lifetimeS)),
    memory: {
      maxSessions: Number(settings.STILLIN_MEMORY_MAX_SESSIONS ?? 100_000),
      maxBytes: Number(settings.STILLIN_MEMORY_MAX_BYTES ?? 64 * 1024 * 1024),
      whenFull: settings.STILLIN_MEMORY_FULL === 'evict-oldest' ? 'evict-oldest' : 'refuse',
    },
    limits: {
      perUser: optionalNumber(settings.STILLIN_SESSIONS_PER_USER),
      atPerUser: settings.STILLIN_SESSIONS_AT_LIMIT === 'refuse' ? 'refuse' : 'end-oldest',
      usersOnline: optionalNumber(settings.STILLIN_USERS_ONLINE_MAX),
    },
    ...readRenewal(settings as RenewalVariables, usage),
    refreshS: Number(settings.STILLIN_REFRESH_S ?? Math.min(86_400, lifetimeS * 12)),
    trustedProxies: readTrustedProxies(settings.STILLIN_TRUSTED_PROXIES),
    shop: readShop(settings.STILLIN_SHOP_ORIGIN, settings.STILLIN_SHOP_SECRET),
    unprotectedRoute: settings.STILLIN_UNPROTECTED_ROUTE === '1',
    clockOffsetMs: Number(settings.STILLIN_CLOCK_OFFSET_MS ?? 0),
    movableClock: testing || settings.STILLIN_CLOCK === 'movable',
    testing,
    plant,
  }
}

function optionalNumber(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}

function checked(environment: NodeJS.ProcessEnv): Static<typeof NodeSettings> {
  const ours = Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('STILLIN_')))
  const known = Object.keys(NodeSettings.properties)
  const unknown = Object.keys(ours).find((name) => !known.includes(name))
  if (unknown !== undefined) throw usage(`${unknown}: no such setting; unset it. Known: ${known.join(', ')}`)
  for (const [name, schema] of Object.entries(NodeSettings.properties)) {
    const value = ours[name]
    const optional = !NodeSettings.required.includes(name as (typeof NodeSettings.required)[number])
    if (value === undefined ? optional : Errors(schema, value)[0]) continue
    const expected = 'description' in schema ? schema.description : 'a value'
    throw usage(
      `${name}: expected ${expected}${value === undefined ? '; it is not set' : `, got "${value}"`}`,
    )
  }
  for (const name of ['STILLIN_PORT', 'STILLIN_ADMIN_PORT'] as const)
    if (Number(ours[name]) > 65_535) throw usage(`${name}: expected a port, 0 to 65535, got "${ours[name]}"`)
  for (const name of ['STILLIN_LIFETIME_S', 'STILLIN_IDLE_S', 'STILLIN_REFRESH_S'] as const)
    if (Number(ours[name] ?? 0) > 86_400) throw usage(`${name}: expected at most 86400, got "${ours[name]}"`)
  return ours as Static<typeof NodeSettings>
}

function readAdminToken(settings: Static<typeof NodeSettings>): string {
  const { STILLIN_ADMIN_TOKEN: token, STILLIN_ADMIN_TOKEN_FILE: file } = settings
  if ((token === undefined) === (file === undefined))
    throw usage('STILLIN_ADMIN_TOKEN: set either it or STILLIN_ADMIN_TOKEN_FILE')
  if (token !== undefined) return token
  try {
    const read = readFileSync(file ?? '', 'utf8').trim()
    if (/^[!-~]{16,}$/.test(read)) return read
  } catch (error) {
    throw usage(`STILLIN_ADMIN_TOKEN_FILE: ${error instanceof Error ? error.message : String(error)}`)
  }
  throw usage('STILLIN_ADMIN_TOKEN_FILE: expected a file with one secret of at least 16 visible characters')
}

function usage(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage })
}
