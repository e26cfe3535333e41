import type { CookieSerializeOptions } from '@fastify/cookie'
import { COOKIES, cookieName } from '#contract/headers.ts'

/** The cookie that carries a credential, in every cookie mode. */
export interface SessionCookie {
  readonly name: string
  readonly attributes: CookieSerializeOptions & { path: string }
}

/** What browsers keep of a cookie: name and value together (RFC 6265bis, section 5.6). */
export const COOKIE_MAX_BYTES = 4096

/** @param tls true: Secure and the `__Host-` prefix, so that no other host or path can plant it. */
export function sessionCookie(tls: boolean): SessionCookie {
  return {
    name: cookieName(COOKIES.session, tls),
    attributes: { path: '/', httpOnly: true, sameSite: 'lax', secure: tls },
  }
}
