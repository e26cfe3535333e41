import type { IncomingMessage } from 'node:http'
import { COOKIES, cookieName } from '#contract/headers.ts'
import { countAuthorization, rawCookie } from './presented.ts'

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([^ ]+)$/i
const COOKIE_NAMES = [cookieName(COOKIES.session, false), cookieName(COOKIES.session, true)]

/** The bearer token that a request carries, or why there is none to look at. */
export function bearerToken(
  request: IncomingMessage,
): { readonly token: string } | 'absent' | 'malformed' | 'wrong-mode' {
  const { authorization } = request.headers
  if (authorization === undefined)
    return COOKIE_NAMES.some((name) => rawCookie(request, name)) ? 'wrong-mode' : 'absent'
  if (countAuthorization(request) > 1) return 'malformed'
  const token = BEARER.exec(authorization)?.[1]
  return token === undefined ? 'malformed' : { token }
}
