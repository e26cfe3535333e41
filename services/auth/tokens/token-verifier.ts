import type { RefusalReason } from '#contract/reasons.ts'
import type { AccessClaims } from './claims.ts'

/**
 * Checks an access token by RFC 8725 and RFC 9068: one algorithm, a known key, type `at+jwt`, our issuer and
 * audience, every claim there, issued in the past (give or take 5 s), not expired (to the second), and no longer lived than ours.
 */
export interface TokenVerifier {
  /** @param token a canonical compact JWS (see canonical-token.ts). @param nowMs since the Unix epoch. */
  verify(token: string, nowMs: number): AccessClaims | RefusalReason | Promise<AccessClaims | RefusalReason>
}
