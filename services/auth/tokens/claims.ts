import type { JsonObject } from '../credentials/credential-strategy.ts'

/** The claims of our access tokens: those of RFC 9068, section 2.2, and what `/me` answers. Times in seconds. */
export interface AccessClaims {
  iss: string
  aud: string
  sub: string
  client_id: string
  iat: number
  exp: number
  jti: string
  role: string
  /** ISO 8601. */
  login_at: string
  /** The mode that issued it; absent in `jwt`, whose tokens carry no more than they need. */
  mode?: string
  /** Where logins can be revoked: the login, the same in every token issued anew for it, and the user's epoch when it began. */
  sid?: string
  epoch?: number
  /** Where the renewal is rolling: the end of the login, which no renewal moves. */
  login_exp?: number
  data?: JsonObject
}

/** Which mode a token belongs to: a token of one is refused in another, where nobody would ask what was revoked. */
export function modeOfClaims({ mode = 'jwt' }: AccessClaims): string {
  return mode
}

export const ISSUER = 'stillin'
export const AUDIENCE = 'stillin'
export const CLIENT_ID = 'stillin-lab'
/** RFC 9068, section 2.1: an access token is typed, so that no other kind of token passes for one. */
export const TOKEN_TYPE = 'at+jwt'
export const REQUIRED_CLAIMS = ['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'role', 'login_at']
/** How far two nodes' clocks may be apart: a token may come from that far in the future. Its end is never put off. */
export const CLOCK_TOLERANCE_S = 5

/**
 * Is the token over? Without tolerance: `x-revocation: at-expiry;s=300` is a promise, and five seconds of grace would
 * break it.
 */
export function hasExpired(exp: number, nowMs: number): boolean {
  return exp <= Math.floor(nowMs / 1000)
}

/**
 * The last look at claims whose signature, issuer, audience and times were checked: that they are of the right kinds
 * and that the token was not made to live longer than any of ours. undefined: not one of our access tokens.
 */
export function asAccessClaims(payload: JsonObject, lifetimeMaxS: number): AccessClaims | undefined {
  const claims = payload as Partial<Record<keyof AccessClaims, unknown>>
  const { iat, exp, data } = claims
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined
  if (!(exp > iat) || exp - iat > lifetimeMaxS) return undefined
  if (claims.client_id !== CLIENT_ID || claims.aud !== AUDIENCE) return undefined
  if (typeof claims.sub !== 'string' || typeof claims.role !== 'string') return undefined
  if (typeof claims.login_at !== 'string' || typeof claims.jti !== 'string') return undefined
  const { mode, sid, epoch, login_exp } = claims
  if (mode !== undefined && typeof mode !== 'string') return undefined
  if (mode !== undefined && (typeof sid !== 'string' || !Number.isSafeInteger(epoch))) return undefined
  if (login_exp !== undefined && !(Number.isSafeInteger(login_exp) && Number(login_exp) >= exp))
    return undefined
  if (data !== undefined && (typeof data !== 'object' || data === null)) return undefined
  return payload as unknown as AccessClaims
}
