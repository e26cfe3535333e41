import type { TokenVerifier } from './keys.ts'
import type { ModeName } from './modes.ts'
import type { OutagePolicy } from './outage.ts'
import type { RefreshHome, Renewal } from './renewal.ts'
import type { SessionReaderName } from './session-readers.ts'
import type { StoreName } from './stores.ts'

/**
 * The environment variables that each process reads (only in its `config.ts` or `main.ts`, checked there by one
 * schema; an unknown `STILLIN_*` name is refused). All values are text, as in any environment.
 * Times are in the unit that the name ends with.
 */
interface ListenerEnvironment {
  /** Address of the public listener; 127.0.0.1 unless set. */
  STILLIN_HOST?: string
  /** Port of the public listener; 0 lets the system choose. */
  STILLIN_PORT: string
  /** Address and port of the private listener. */
  STILLIN_ADMIN_HOST?: string
  STILLIN_ADMIN_PORT: string
  /** Bearer token of the private listeners of nodes and proxy; or a file that holds it. */
  STILLIN_ADMIN_TOKEN?: string
  STILLIN_ADMIN_TOKEN_FILE?: string
  /** The mode and generation to start in. */
  STILLIN_MODE: ModeName
  STILLIN_GENERATION?: string
  /** A JSON file of type KeyRing, mode 0600. */
  STILLIN_KEYS_FILE: string
  /** `1`: cookies are Secure and carry the `__Host-` prefix. */
  STILLIN_TLS?: '0' | '1'
  /** pino level; `silent` unless set. */
  STILLIN_LOG_LEVEL?: string
  /** A planted bug; only under NODE_ENV=test. */
  STILLIN_PLANT?: string
}

/** services/auth/main.ts */
export interface NodeEnvironment extends ListenerEnvironment {
  /** `test`: the clock can be moved, and gates, plants and burdens exist. */
  NODE_ENV?: 'test'
  /** `node-*`: completed with the node's own address, the one that the name in STILLIN_PEERS resolves to. */
  STILLIN_NODE_ID: string
  /** `movable`: the admin listener takes `PUT /clock`, so that a wrong clock can be tried. */
  STILLIN_CLOCK?: 'system' | 'movable'
  /** How far a movable clock is from the system's at the start, ms: where it was moved before the node died. */
  STILLIN_CLOCK_OFFSET_MS?: string
  /** SQLite file of the user directory, shared by the nodes of one host; needed unless it is in PostgreSQL. */
  STILLIN_DIRECTORY_FILE?: string
  /** `postgres://user@host:port/database` of the user directory, for nodes of several hosts; or a file that holds it. It wins over the file above. */
  STILLIN_DIRECTORY_URL?: string
  STILLIN_DIRECTORY_URL_FILE?: string
  /** A file that holds its password; read where the address holds none. */
  STILLIN_DIRECTORY_PASSWORD_FILE?: string
  /** How many lab users the directory is filled with when it is empty. */
  STILLIN_USERS?: string
  /** Unset: modes that need Redis cannot be prepared, and the node says so. */
  STILLIN_REDIS_URL?: string
  /** What is the central store; Redis unless set. */
  STILLIN_STORE?: StoreName
  /** Where a store that is not Redis is: a folder, a file, `memcached://host:port`, `postgres://…`. */
  STILLIN_STORE_URL?: string
  /** How long a question to the central store, whichever it is, may take. */
  STILLIN_REDIS_TIMEOUT_MS?: string
  /** What mode redis does with lookups while its store cannot be asked; `closed` unless set. */
  STILLIN_OUTAGE?: OutagePolicy
  /** How stale an answer of mode redis-cached may be; the mode's own bound unless set. */
  STILLIN_CACHE_BOUND_MS?: string
  /** How late a revocation may take hold in mode jwt-pushed; the mode's own bound unless set. */
  STILLIN_PUSHED_BOUND_MS?: string
  /**
   * `node-2=http://127.0.0.1:20002,…`: private listeners of all nodes, or `none`; unset: mode replicated cannot be
   * served. `node-*=http://auth:3001`: whoever the name resolves to at the time.
   */
  STILLIN_PEERS?: string
  /** How the session that a request carries is found; @fastify/session unless set. */
  STILLIN_SESSION_READER?: SessionReaderName
  STILLIN_JWT_VERIFIER?: TokenVerifier
  /** `1`: tokens are encrypted (dir, A256GCM) with a key derived from the ring's, which must be for HS256. */
  STILLIN_JWT_ENCRYPT?: '0' | '1'
  /** How many verified tokens a node remembers; none unless set. */
  STILLIN_JWT_CACHE?: string
  /** Lifetime of a credential, and how long it may be idle; where the renewal is rolling, each use begins the idle time anew. */
  STILLIN_LIFETIME_S?: string
  STILLIN_IDLE_S?: string
  /** Bounds of the session memory, and what happens at the bound. */
  STILLIN_MEMORY_MAX_SESSIONS?: string
  STILLIN_MEMORY_MAX_BYTES?: string
  STILLIN_MEMORY_FULL?: 'refuse' | 'evict-oldest'
  /** Live sessions of one user at a time, and what happens to one more; unset: any number. */
  STILLIN_SESSIONS_PER_USER?: string
  STILLIN_SESSIONS_AT_LIMIT?: 'end-oldest' | 'refuse'
  /** Users with a session at a time; unset: any number. */
  STILLIN_USERS_ONLINE_MAX?: string
  STILLIN_RENEWAL?: Renewal
  STILLIN_REFRESH?: RefreshHome
  /** The renewal that was set since the cluster began (`PUT /renewal`), in whose place this node starts. */
  STILLIN_RENEWAL_NOW?: Renewal
  STILLIN_REFRESH_NOW?: RefreshHome
  /** `1`: a refresh token in a store is good once, without the grace of ten seconds for two tabs or a lost answer. */
  STILLIN_REFRESH_STRICT?: '0' | '1'
  /** Absolute lifetime of a login that is renewed. */
  STILLIN_REFRESH_S?: string
  /** Addresses whose X-Forwarded-For is believed, comma separated. */
  STILLIN_TRUSTED_PROXIES?: string
  /** A second service that accepts logins: its origin, and the secret it shows; both or neither. */
  STILLIN_SHOP_ORIGIN?: string
  STILLIN_SHOP_SECRET?: string
  /** `1`: `/demo/unprotected-transfer` exists, which lets itself be forged on purpose. For demonstrations only. */
  STILLIN_UNPROTECTED_ROUTE?: '0' | '1'
}

/**
 * proxy/main.ts. Run alone (`stillin proxy`), it needs neither mode nor key ring (pins then end with the process), and
 * without STILLIN_ADMIN_PORT it has no private listener.
 */
export interface ProxyEnvironment extends ListenerEnvironment {
  /**
   * `node-1=http://127.0.0.1:20001,node-2=…`; `;weight=2` after a URL gives it a weight. `node-*=http://auth:3000`: one
   * for each address of the name, called by it as in contract/addressed-id.ts.
   */
  STILLIN_UPSTREAMS: string
  STILLIN_FORWARDER?: ForwarderName
  /** How requests that are pinned to nobody are spread; `round-robin` unless set. */
  STILLIN_BALANCER?: ProxyAlgorithm
  /** How often upstreams that are given by name are resolved again, seconds; 5 unless set. */
  STILLIN_RESOLVE_S?: string
  /** `mode` (as the mode says; unless set), `none`, `cookie`, `hash:NAME` (a cookie) or `hash:header:NAME`. */
  STILLIN_AFFINITY?: string
  /** Addresses or networks whose forwarding headers are believed, comma separated; nobody's unless set. */
  STILLIN_TRUSTED_PROXIES?: string
  /** `1`: a line of JSON for every request on standard output, where STILLIN_LOG_LEVEL (`info` unless set) lets it. */
  STILLIN_ACCESS_LOG?: '0' | '1'
}

export const PROXY_ALGORITHMS = ['round-robin', 'least-in-flight', 'power-of-two'] as const
export type ProxyAlgorithm = (typeof PROXY_ALGORITHMS)[number]

export const FORWARDER_NAMES = ['http-proxy', 'undici'] as const
export type ForwarderName = (typeof FORWARDER_NAMES)[number]

/** services/control/main.ts. Where a supervisor is connected by IPC, the parts come from it; else from these. */
export interface ControlEnvironment {
  STILLIN_HOST?: string
  STILLIN_PORT: string
  STILLIN_CONTROL_TOKEN?: string
  STILLIN_CONTROL_TOKEN_FILE?: string
  STILLIN_ADMIN_TOKEN?: string
  STILLIN_ADMIN_TOKEN_FILE?: string
  STILLIN_MODE: ModeName
  /** The key ring that the nodes share, to be exchanged by `POST /keys/rotate`; unset: it cannot be. */
  STILLIN_KEYS_FILE?: string
  /**
   * `proxy=http://proxy:8080|http://proxy:8081,node-1=http://node-1:3000|http://node-1:3001,…`: public and admin URL of each part.
   * `node-*=http://auth:3000|http://auth:3001`: one for each address of the name.
   */
  STILLIN_PARTS?: string
  STILLIN_LOG_LEVEL?: string
}

/** services/shop/main.ts: a second service, on an origin of its own, that accepts the logins of the auth nodes. */
export interface ShopEnvironment {
  STILLIN_HOST?: string
  STILLIN_PORT: string
  /** Where the auth service answers: the proxy. */
  STILLIN_AUTH_URL: string
  /** What it shows when it asks; the nodes know it too. */
  STILLIN_SHOP_SECRET: string
  /** Longest life of a token that it takes; 300 s unless set. */
  STILLIN_LIFETIME_S?: string
}
