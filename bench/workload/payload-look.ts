import type { Credential } from '#contract/node-admin.ts'

/** What a token says of itself (RFC 7519, section 4.1); nothing of it was checked, and a client cannot check it. */
export type Claims = Readonly<Record<string, unknown>>

/**
 * The claims of a signed token, as the client that holds it reads them. undefined: there is no payload to read. A
 * cookie is HttpOnly, so that no page's script sees it; an encrypted token says nothing to its holder.
 */
export function claimsOf({ headers }: Credential): Claims | undefined {
  const segments = (headers['authorization'] ?? '').replace(/^Bearer /, '').split('.')
  if (segments.length !== 3) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(segments[1] ?? '', 'base64url').toString())
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : undefined
  } catch {
    return undefined
  }
}

/** Would a client with this clock rather not send it? Without an end to read it sends, and leaves it to the server. */
export function looksOver(credential: Credential, clientNowMs: number): boolean {
  const exp = claimsOf(credential)?.['exp']
  return typeof exp === 'number' && exp * 1000 <= clientNowMs
}

/** The token with other claims written into it and its old signature: what a client can do without the key. */
export function withClaims(credential: Credential, changes: Claims): Credential {
  const claims = claimsOf(credential)
  if (claims === undefined) return credential
  const [header, , signature] = (credential.headers['authorization'] ?? '').split('.')
  const payload = Buffer.from(JSON.stringify({ ...claims, ...changes })).toString('base64url')
  return {
    ...credential,
    headers: { ...credential.headers, authorization: `${header}.${payload}.${signature}` },
  }
}
