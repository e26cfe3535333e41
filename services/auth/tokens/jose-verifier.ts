import type { JWTClaimVerificationOptions, JWTHeaderParameters, JWTVerifyOptions } from 'jose'
import { errors, jwtVerify } from 'jose'
import type { RefusalReason } from '#contract/reasons.ts'
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

/** Verifies with jose, that is WebCrypto, whose work runs on the thread pool. */
export function joseVerifier(
  keys: Pick<SigningKeys, 'algorithm' | 'verifying'>,
  lifetimeMaxS: number,
): TokenVerifier {
  const options: JWTVerifyOptions = { algorithms: [keys.algorithm], ...claimChecks(lifetimeMaxS) }
  const keyFor = (header: JWTHeaderParameters) => {
    const key = keys.verifying.get(header.kid ?? '')
    if (key === undefined) throw new errors.JWKSNoMatchingKey()
    return key
  }
  return {
    async verify(token, nowMs) {
      try {
        const { payload } = await jwtVerify(token, keyFor, { ...options, currentDate: new Date(nowMs) })
        if (payload.exp !== undefined && hasExpired(payload.exp, nowMs)) return 'expired'
        return asAccessClaims(payload, lifetimeMaxS) ?? 'malformed'
      } catch (error) {
        if (error instanceof errors.JOSEError) return reasonFor(error)
        throw error
      }
    },
  }
}

/** What jose checks of the claims, and by itself would not. */
export function claimChecks(lifetimeMaxS: number): JWTClaimVerificationOptions {
  return {
    typ: TOKEN_TYPE,
    issuer: ISSUER,
    audience: AUDIENCE,
    requiredClaims: REQUIRED_CLAIMS,
    maxTokenAge: lifetimeMaxS,
    clockTolerance: CLOCK_TOLERANCE_S,
  }
}

/** jose's errors in our words. */
export function reasonFor(error: InstanceType<typeof errors.JOSEError>): RefusalReason {
  switch (error.code) {
    case 'ERR_JWT_EXPIRED':
      return 'expired'
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
    case 'ERR_JWE_DECRYPTION_FAILED':
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return 'signature'
    default:
      return 'malformed'
  }
}
