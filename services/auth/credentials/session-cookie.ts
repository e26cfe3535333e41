import type { CookieSerializeOptions } from '@fastify/cookie'
import { COOKIES, cookieName } from '#contract/headers.ts'

/** The cookie that carries a credential, in every cookie mode. */
export interface SessionCookie {
  readonly name: string
  readonly attributes: CookieSerializeOptions & { path: string }
}

/** @param tls true: Secure and the `__Host-` prefix, so that no other host or path can plant it. */
export function sessionCookie(tls: boolean): SessionCookie {
  return { name: cookieName(COOKIES.session, tls), attributes: attributes(tls) }
}

/** Its path is `/` too, as the prefix demands: it travels with every request, and a logout can end what it stands for. */
export function refreshCookie(tls: boolean): SessionCookie {
  return { name: cookieName(COOKIES.refresh, tls), attributes: attributes(tls) }
}

function attributes(tls: boolean): SessionCookie['attributes'] {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: tls }
}
