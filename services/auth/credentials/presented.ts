import type { IncomingMessage } from 'node:http'

const AUTHORIZATION = 'authorization'

/** How many Authorization headers came: Node keeps the first of several and drops the rest without a word. */
export function countAuthorization(request: IncomingMessage): number {
  const { rawHeaders } = request
  let found = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) found += 1
  }
  return found
}

/** The value of a cookie as it stands in the header (not decoded); undefined: no such cookie. */
export function rawCookie(request: IncomingMessage, name: string): string | undefined {
  const header = request.headers.cookie
  if (header === undefined) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}

/** Does the request carry a bearer token? */
export function hasBearer(request: IncomingMessage): boolean {
  return /^bearer\s/i.test(request.headers.authorization ?? '')
}
