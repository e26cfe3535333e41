export const TOKEN_ALGORITHMS = ['HS256', 'RS256', 'ES256', 'EdDSA'] as const
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number]

export const TOKEN_VERIFIERS = ['jose', 'node'] as const
/** Who checks the signature: jose (WebCrypto, on the thread pool) or node:crypto (HS256 only, on the event loop). */
export type TokenVerifier = (typeof TOKEN_VERIFIERS)[number]

/**
 * What every node of a cluster shares, kept in one file of mode 0600 named by `STILLIN_KEYS_FILE`.
 * `signing.keys` are private JWKs, each with a `kid` and an `alg`; `currentKid` signs, all of them verify.
 */
export interface KeyRing {
  /** 32 random bytes, base64url. Each use derives its own key from it, so that a value signed for one purpose is void for another. */
  cookieSecret: string
  signing: { algorithm: TokenAlgorithm; currentKid: string; keys: readonly KeyRingJwk[] }
}
export interface KeyRingJwk {
  kid: string
  alg: TokenAlgorithm
  kty: string
  [member: string]: unknown
}
