import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { RefusalReason } from '#contract/reasons.ts'
import type { JsonObject } from '../credentials/credential-strategy.ts'
import type { AccessClaims } from './claims.ts'
import {
  AUDIENCE,
  asAccessClaims,
  CLOCK_TOLERANCE_S,
  hasExpired,
  ISSUER,
  REQUIRED_CLAIMS,
  TOKEN_TYPE,
} from './claims.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { TokenVerifier } from './token-verifier.ts'

/**
 * HS256 by node:crypto on the event loop: what the same check costs without jose's hop to the thread pool.
 * As strict as joseVerifier, case by case (test/services/auth/tokens/token-verifier.test.ts runs both).
 */
export function nodeVerifier(keys: SigningKeys, lifetimeMaxS: number): TokenVerifier {
  const utf8 = new TextDecoder('utf-8', { fatal: true })

  function parseSegment(segment: string): JsonObject | undefined {
    try {
      const value: unknown = JSON.parse(utf8.decode(Buffer.from(segment, 'base64url')))
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as JsonObject)
        : undefined
    } catch {
      return undefined
    }
  }

  return {
    verify(token, nowMs): AccessClaims | RefusalReason {
      const dot = token.lastIndexOf('.')
      const signed = token.slice(0, dot)
      const [encodedHeader = '', encodedPayload = ''] = signed.split('.')
      const header = parseSegment(encodedHeader)
      if (header === undefined || header['crit'] !== undefined) return 'malformed'
      if (header['alg'] !== 'HS256') return typeof header['alg'] === 'string' ? 'signature' : 'malformed'
      const secret = keys.secrets.get(typeof header['kid'] === 'string' ? header['kid'] : '')
      if (secret === undefined || !isSigned(signed, token.slice(dot + 1), secret)) return 'signature'
      if (!isAccessTokenType(header['typ'])) return 'malformed'
      const payload = parseSegment(encodedPayload)
      if (payload === undefined) return 'malformed'
      return checkTimes(payload, nowMs) ?? asAccessClaims(payload, lifetimeMaxS) ?? 'malformed'
    },
  }

  function checkTimes(payload: JsonObject, nowMs: number): RefusalReason | undefined {
    const nowS = Math.floor(nowMs / 1000)
    if (!REQUIRED_CLAIMS.every((claim) => Object.hasOwn(payload, claim))) return 'malformed'
    const { iss, aud, iat, nbf, exp } = payload
    if (iss !== ISSUER || aud !== AUDIENCE) return 'malformed'
    if (typeof iat !== 'number' || typeof exp !== 'number') return 'malformed'
    if (nbf !== undefined && (typeof nbf !== 'number' || nbf > nowS + CLOCK_TOLERANCE_S)) return 'malformed'
    if (hasExpired(exp, nowMs)) return 'expired'
    const ageS = nowS - iat
    if (ageS - CLOCK_TOLERANCE_S > lifetimeMaxS) return 'expired'
    return ageS < -CLOCK_TOLERANCE_S ? 'malformed' : undefined
  }
}

function isSigned(signed: string, signature: string, secret: KeyObject): boolean {
  const presented = Buffer.from(signature, 'base64url')
  const expected = createHmac('sha256', secret).update(signed).digest()
  return presented.length === expected.length && timingSafeEqual(presented, expected)
}

/** RFC 7515, section 4.1.9: `application/` may be left out, and case does not count. */
function isAccessTokenType(typ: unknown): boolean {
  if (typeof typ !== 'string') return false
  const lower = typ.toLowerCase()
  return lower === TOKEN_TYPE || lower === `application/${TOKEN_TYPE}`
}
