import type { IncomingMessage } from 'node:http'
import { decodeProtectedHeader } from 'jose'
import type { RefusalReason } from '#contract/reasons.ts'
import { type LoginCheckKind, SHOP_COOKIE } from '#contract/shop.ts'
import { bearerToken } from '../auth/credentials/bearer-token.ts'
import { rawCookie } from '../auth/credentials/presented.ts'
import { isCanonicalEncryptedToken, isCanonicalToken } from '../auth/tokens/canonical-token.ts'
import type { AuthClient, Known } from './auth-client.ts'
import type { KeySet } from './key-set.ts'
import type { ShopSessions } from './shop-sessions.ts'

export interface Checked {
  readonly check: LoginCheckKind
  readonly verdict: Known | RefusalReason | 'unavailable' | 'cooling-down'
}

export interface CheckParts {
  readonly keys: KeySet
  readonly auth: AuthClient
  readonly sessions: ShopSessions
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
}

/**
 * Who is this? A token is checked here, by the published keys, with the strictness of the auth nodes themselves; where
 * there is no public key (a shared secret, an encrypted token) and for a login that was brought over by code, the auth
 * service is asked on every request.
 */
export async function checkLogin(request: IncomingMessage, parts: CheckParts): Promise<Checked> {
  const { auth, sessions } = parts
  if (request.headers.authorization !== undefined) return checkToken(request, parts)
  const id = rawCookie(request, SHOP_COOKIE)
  const grant = id === undefined ? undefined : sessions.grantOf(id)
  if (grant === undefined) return { check: 'asked', verdict: id === undefined ? 'absent' : 'unknown' }
  return { check: 'asked', verdict: await auth.whoHasGrant(grant) }
}

async function checkToken(request: IncomingMessage, parts: CheckParts): Promise<Checked> {
  const presented = bearerToken(request)
  if (typeof presented === 'string') return { check: 'offline', verdict: presented }
  const { token } = presented
  if (isCanonicalEncryptedToken(token)) return askAbout(request, parts)
  const kid = kidOf(token)
  if (kid === undefined) return { check: 'offline', verdict: 'malformed' }
  const verifier = await parts.keys.verifierFor(kid)
  if (verifier === 'shared-secret') return askAbout(request, parts)
  if (verifier === 'unknown') return { check: 'offline', verdict: 'signature' }
  if (typeof verifier === 'string') return { check: 'offline', verdict: verifier }
  const claims = await verifier.verify(token, parts.now())
  if (typeof claims === 'string') return { check: 'offline', verdict: claims }
  return { check: 'offline', verdict: { id: claims.sub, role: claims.role, loginAt: claims.login_at } }
}

async function askAbout(request: IncomingMessage, { auth }: CheckParts): Promise<Checked> {
  return { check: 'asked', verdict: await auth.whoHasToken(request.headers.authorization ?? '') }
}

/** Which key a token names; nothing of it is believed yet. undefined: not the one spelling of a signed token. */
function kidOf(token: string): string | undefined {
  if (!isCanonicalToken(token)) return undefined
  try {
    const { kid } = decodeProtectedHeader(token)
    return typeof kid === 'string' && kid !== '' ? kid : undefined
  } catch {
    return undefined
  }
}
