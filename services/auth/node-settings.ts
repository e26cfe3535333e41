import { Type } from 'typebox'
import { TOKEN_VERIFIERS } from '#contract/keys.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import { OUTAGE_POLICIES } from '#contract/outage.ts'
import { REFRESH_HOMES, RENEWALS } from '#contract/renewal.ts'
import { SESSION_READERS } from '#contract/session-readers.ts'
import { STORE_NAMES } from '#contract/stores.ts'

/** `description` completes the sentence "STILLIN_X: expected …". */
const text = (description: string, pattern = '^\\S(.*\\S)?$') => Type.String({ pattern, description })
const count = (description: string) => text(description, '^[1-9]\\d{0,9}$')
const seconds = () => text('a whole number of seconds, 1 to 86400', '^[1-9]\\d{0,4}$')
const port = () => text('a port, 0 to 65535', '^\\d{1,5}$')
const oneOf = (values: readonly string[]) => text(`one of ${values.join(', ')}`, `^(${values.join('|')})$`)
const CACHE_BOUND_MS = '^([5-9]\\d|[1-9]\\d{2,3}|[1-5]\\d{4}|60000)$'

/** The environment variables that one node reads, as texts (contract/environment.ts says what they mean). */
export const NodeSettings = Type.Object(
  {
    STILLIN_NODE_ID: text('a name of letters, digits and hyphens', '^[A-Za-z0-9][A-Za-z0-9-]{0,62}$'),
    STILLIN_HOST: Type.Optional(text('an address to listen on')),
    STILLIN_PORT: port(),
    STILLIN_ADMIN_HOST: Type.Optional(text('an address to listen on')),
    STILLIN_ADMIN_PORT: port(),
    STILLIN_ADMIN_TOKEN: Type.Optional(text('a secret of at least 16 visible characters', '^[!-~]{16,}$')),
    STILLIN_ADMIN_TOKEN_FILE: Type.Optional(text('a file that holds the admin token')),
    STILLIN_MODE: oneOf(MODE_NAMES),
    STILLIN_GENERATION: Type.Optional(text('a whole number', '^\\d{1,9}$')),
    STILLIN_KEYS_FILE: text('a key ring file'),
    STILLIN_TLS: Type.Optional(oneOf(['0', '1'])),
    STILLIN_LOG_LEVEL: Type.Optional(oneOf(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])),
    STILLIN_OUTAGE: Type.Optional(oneOf(OUTAGE_POLICIES)),
    STILLIN_CLOCK: Type.Optional(oneOf(['system', 'movable'])),
    STILLIN_CLOCK_OFFSET_MS: Type.Optional(text('whole milliseconds', '^-?\\d{1,12}$')),
    STILLIN_PLANT: Type.Optional(text('the name of a planted bug')),
    STILLIN_DIRECTORY_FILE: Type.Optional(text('a SQLite file')),
    STILLIN_DIRECTORY_URL: Type.Optional(text('postgres://user@host:port/database')),
    STILLIN_DIRECTORY_URL_FILE: Type.Optional(text('a file that holds the address of a PostgreSQL')),
    STILLIN_DIRECTORY_PASSWORD_FILE: Type.Optional(text('a file that holds its password')),
    STILLIN_USERS: Type.Optional(count('how many users the directory is filled with')),
    STILLIN_REDIS_URL: Type.Optional(text('a redis:// or rediss:// URL', '^rediss?://\\S+$')),
    STILLIN_PEERS: Type.Optional(text('none, or nodes as node-2=http://127.0.0.1:20002,…')),
    STILLIN_STORE: Type.Optional(oneOf(STORE_NAMES)),
    STILLIN_STORE_URL: Type.Optional(text('a folder, a file, or the address of a server')),
    STILLIN_REDIS_TIMEOUT_MS: Type.Optional(count('a whole number of milliseconds')),
    STILLIN_CACHE_BOUND_MS: Type.Optional(text('50 to 60000 (ms)', CACHE_BOUND_MS)),
    STILLIN_PUSHED_BOUND_MS: Type.Optional(text('50 to 60000 (ms)', CACHE_BOUND_MS)),
    STILLIN_SESSION_READER: Type.Optional(oneOf(SESSION_READERS)),
    STILLIN_JWT_VERIFIER: Type.Optional(oneOf(TOKEN_VERIFIERS)),
    STILLIN_JWT_ENCRYPT: Type.Optional(oneOf(['0', '1'])),
    STILLIN_JWT_CACHE: Type.Optional(text('a whole number of tokens, 0 to 999999', '^\\d{1,6}$')),
    STILLIN_LIFETIME_S: Type.Optional(seconds()),
    STILLIN_IDLE_S: Type.Optional(seconds()),
    STILLIN_MEMORY_MAX_SESSIONS: Type.Optional(count('a whole number of sessions')),
    STILLIN_MEMORY_MAX_BYTES: Type.Optional(count('a whole number of bytes')),
    STILLIN_MEMORY_FULL: Type.Optional(oneOf(['refuse', 'evict-oldest'])),
    STILLIN_SESSIONS_PER_USER: Type.Optional(count('a whole number of sessions')),
    STILLIN_SESSIONS_AT_LIMIT: Type.Optional(oneOf(['end-oldest', 'refuse'])),
    STILLIN_USERS_ONLINE_MAX: Type.Optional(count('a whole number of users')),
    STILLIN_RENEWAL: Type.Optional(oneOf(RENEWALS)),
    STILLIN_REFRESH: Type.Optional(oneOf(REFRESH_HOMES)),
    STILLIN_RENEWAL_NOW: Type.Optional(oneOf(RENEWALS)),
    STILLIN_REFRESH_NOW: Type.Optional(oneOf(REFRESH_HOMES)),
    STILLIN_REFRESH_STRICT: Type.Optional(oneOf(['0', '1'])),
    STILLIN_REFRESH_S: Type.Optional(seconds()),
    STILLIN_SHOP_ORIGIN: Type.Optional(
      text('an origin as http://127.0.0.1:4000', '^https?://[A-Za-z0-9.\\[\\]:-]+$'),
    ),
    STILLIN_SHOP_SECRET: Type.Optional(text('a secret of at least 16 visible characters', '^[!-~]{16,}$')),
    STILLIN_UNPROTECTED_ROUTE: Type.Optional(oneOf(['0', '1'])),
    STILLIN_TRUSTED_PROXIES: Type.Optional(text('addresses or CIDR ranges, separated by commas')),
  },
  { additionalProperties: false },
)
