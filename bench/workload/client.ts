import type { Credential } from '#contract/node-admin.ts'
import type { Operation } from '#contract/operations.ts'
import type { RequestTemplate, Target } from '#contract/target.ts'
import { renderRequest } from '#contract/target.ts'
import { textAt } from '#contract/text-at.ts'
import { createCookieJar, parseCookieHeader } from './cookie-jar.ts'

/** One person with a browser or an app: what they hold, and the requests they would send. */
export interface VirtualClient {
  readonly userId: string
  /** The request as sent, with what this client holds; undefined where the target does not offer the operation. */
  request(
    operation: Operation | 'baseline',
    blanks?: Readonly<Record<string, string>>,
  ): RequestTemplate | undefined
  /**
   * Takes in what an answer hands out: cookies, a bearer token in the body or in a header, a refresh token.
   * @param setCookies the answer's `set-cookie` lines.
   * @param body parsed JSON, or text.
   * @param headers the answer's, names in lower case.
   * @returns true where what the client holds changed.
   */
  absorb(
    setCookies: readonly string[],
    body?: unknown,
    headers?: Readonly<Record<string, string | readonly string[] | undefined>>,
  ): boolean
  /** Takes over a credential made elsewhere (seeded through a node's admin listener, a pin from the proxy). */
  adopt(credential: Pick<Credential, 'headers' | 'refreshToken'>): void
  /** What the client presents now. */
  credential(): Credential
  /** Forgets everything it held. */
  forget(): void
}

/**
 * @param target the service it talks to.
 * @param userId fills `{user}`; `password` fills `{password}`.
 */
export function createClient(target: Target, userId: string, password: string): VirtualClient {
  const { cookies, token: place } = target.credential
  const newJar = () => createCookieJar(cookies === 'all' ? undefined : cookies)
  let jar = newJar()
  let bearer: string | undefined
  let refreshToken: string | undefined

  function credential(): Credential {
    const headers: Record<string, string> = {}
    const cookie = jar.header()
    if (cookie !== undefined) headers['cookie'] = cookie
    if (bearer !== undefined) Object.assign(headers, carrying(bearer, place?.headers))
    return { userId, headers, ...(refreshToken !== undefined && { refreshToken }) }
  }

  return {
    userId,
    request(operation, blanks = {}) {
      const template = target.requests[operation]
      if (!template) return undefined
      return renderRequest(template, credential(), { user: userId, password, ...blanks })
    },
    absorb(setCookies, body, headers = {}) {
      const cookiesChanged = jar.absorb(setCookies)
      const { bearerMember, refreshMember } = target.credential
      const token =
        memberOf(body, bearerMember) ?? textAt(body, place?.pointer) ?? bearerInHeader(target, headers)
      const bearerChanged = token !== undefined && token !== bearer
      if (token !== undefined) bearer = token
      const next = memberOf(body, refreshMember)
      const refreshChanged = next !== undefined && next !== refreshToken
      if (next !== undefined) refreshToken = next
      return cookiesChanged || bearerChanged || refreshChanged
    },
    adopt({ headers, refreshToken: given }) {
      if (given !== undefined) refreshToken = given
      for (const [name, value] of Object.entries(headers)) {
        if (name.toLowerCase() === 'cookie')
          for (const [cookie, content] of parseCookieHeader(value)) jar.put(cookie, content)
        if (name.toLowerCase() === 'authorization') bearer = value.replace(/^Bearer\s+/i, '')
      }
    },
    credential,
    forget() {
      jar = newJar()
      bearer = undefined
      refreshToken = undefined
    },
  }
}

/** The headers that carry a token; as a bearer token (RFC 6750) unless the target wants it otherwise. */
function carrying(
  token: string,
  headers: Readonly<Record<string, string>> = { authorization: 'Bearer {token}' },
): Record<string, string> {
  // A function, since a token may hold what replace() takes for a pattern.
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll('{token}', () => token)]),
  )
}

function bearerInHeader(
  { credential: { bearerHeader } }: Target,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | undefined {
  const token = bearerHeader === undefined ? undefined : headers[bearerHeader]
  return typeof token === 'string' && token !== '' ? token : undefined
}

function memberOf(body: unknown, member: string | undefined): string | undefined {
  if (member === undefined || typeof body !== 'object' || body === null) return undefined
  const token = (body as Record<string, unknown>)[member]
  return typeof token === 'string' && token !== '' ? token : undefined
}
