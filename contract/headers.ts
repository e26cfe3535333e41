import type { ModeName } from './modes.ts'

/** Header names, lower case as Node delivers them. */
export const HEADERS = {
  /** Node id, or `proxy` where the proxy itself answered. */
  servedBy: 'x-served-by',
  /** `redis@7`: the mode and its generation. */
  mode: 'x-stillin-mode',
  /** `at-once | within;ms=20 | at-expiry;s=300 | by-chance`. */
  revocation: 'x-revocation',
  /** A state change in a cookie mode carries `x-csrf: 1`. */
  csrf: 'x-csrf',
  /** What another service presents for one login when it asks; see `POST /sso/redeem`. */
  grant: 'x-sso-grant',
  /** How that service checked a login: `offline` by the published keys, or `asked`. */
  check: 'x-stillin-check',
  requestId: 'x-request-id',
  /** A token to send from now on in place of the one that was sent; in bearer modes whose renewal is rolling. */
  accessToken: 'x-access-token',
  /** Names a planted bug that is switched on, so that no answer of a sabotaged node passes for a real one. */
  plant: 'x-stillin-plant',
} as const

export const SERVED_BY_PROXY = 'proxy'

/** Cookie names without TLS; under TLS `__Host-` stands before them. */
export const COOKIES = {
  session: 'stillin_session',
  affinity: 'stillin_affinity',
  /** The refresh token of a cookie mode whose renewal is by pair. */
  refresh: 'stillin_refresh',
} as const

/**
 * The largest credential that everybody on the way can be expected to carry: what browsers keep of a cookie, name and
 * value together (RFC 6265bis, section 5.6); a token is held to the same.
 */
export const CREDENTIAL_MAX_BYTES = 4096

/** The name a cookie goes by on the wire. */
export function cookieName(base: (typeof COOKIES)[keyof typeof COOKIES], tls: boolean): string {
  return tls ? `__Host-${base}` : base
}

/** Formats the value of `x-stillin-mode`. */
export function formatModeHeader(mode: ModeName, generation: number): string {
  return `${mode}@${generation}`
}

/** Parses `x-stillin-mode`; undefined when the text is not of the form `name@generation`. */
export function parseModeHeader(value: string): { mode: string; generation: number } | undefined {
  const match = /^([a-z-]+)@(\d{1,9})$/.exec(value)
  return match?.[1] && match[2] ? { mode: match[1], generation: Number(match[2]) } : undefined
}
