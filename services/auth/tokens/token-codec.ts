import { SignJWT } from 'jose'
import type { KeyRing } from '#contract/keys.ts'
import type { RefusalReason } from '#contract/reasons.ts'
import type { NodeConfig } from '../config.ts'
import { isCanonicalToken } from './canonical-token.ts'
import type { AccessClaims } from './claims.ts'
import { TOKEN_TYPE } from './claims.ts'
import { importSigningKeys } from './signing-keys.ts'

/** Makes access tokens out of claims, and claims out of access tokens. */
export interface TokenCodec {
  seal(claims: AccessClaims): Promise<string>
  /** Claims that are ours and not expired at `nowMs`, or why not. */
  open(token: string, nowMs: number): AccessClaims | RefusalReason | Promise<AccessClaims | RefusalReason>
}

/** Signed tokens, checked by jose or by node:crypto as the configuration says. */
export async function signedTokens(
  { jwtVerifier, lifetimeS }: Pick<NodeConfig, 'jwtVerifier' | 'lifetimeS'>,
  ring: KeyRing,
): Promise<TokenCodec> {
  const keys = await importSigningKeys(ring)
  const verifier =
    jwtVerifier === 'node'
      ? (await import('./node-verifier.ts')).nodeVerifier(keys, lifetimeS)
      : (await import('./jose-verifier.ts')).joseVerifier(keys, lifetimeS)
  const { kid, key } = keys.current
  return {
    seal: (claims) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: keys.algorithm, typ: TOKEN_TYPE, kid }).sign(key),
    open: (token, nowMs) => (isCanonicalToken(token) ? verifier.verify(token, nowMs) : 'malformed'),
  }
}
