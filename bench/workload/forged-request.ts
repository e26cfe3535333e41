import type { RequestTemplate } from '#contract/target.ts'

/** The attribute of a cookie; one without it counts as Lax. */
export type SameSite = 'Strict' | 'Lax' | 'None'

/** What a page of another origin makes a browser send. */
export interface ForgedRequest {
  /** Where the page lies: on another site, or on another origin of the same site. */
  readonly from: 'cross-site' | 'same-site'
  /** A form or a link that takes the whole tab along, an image, or `fetch` with credentials. */
  readonly how: 'navigation' | 'image' | 'fetch'
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly contentType?: string
  readonly body?: string
  /** Headers that the page's script sets. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Bodies that a page may send anywhere without asking (Fetch, "CORS-safelisted request-header"). */
const SAFELISTED = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']
const DESTINATION = { navigation: 'document', image: 'image', fetch: 'empty' } as const

/** Does a browser attach a cookie of the target's to this request (RFC 6265bis, section 5.8.3)? */
export function attachesCookie(sameSite: SameSite, { from, how, method }: ForgedRequest): boolean {
  if (sameSite === 'None' || from === 'same-site') return true
  return sameSite === 'Lax' && how === 'navigation' && method === 'GET'
}

/** Must the browser ask first? Only for what neither a form nor an image could send (Fetch, "CORS-preflight fetch"). */
export function needsPreflight({ contentType, headers = {} }: ForgedRequest): boolean {
  const plainType = contentType === undefined || SAFELISTED.includes(contentType)
  return !plainType || Object.keys(headers).length > 0
}

/** The question: may a page of this origin send this? */
export function preflightOf(forged: ForgedRequest, origin: string): RequestTemplate {
  const names = [...Object.keys(forged.headers ?? {}), ...(forged.contentType ? ['content-type'] : [])]
  return {
    method: 'OPTIONS',
    path: forged.path,
    headers: {
      origin,
      'access-control-request-method': forged.method,
      'access-control-request-headers': names.sort().join(','),
      'sec-fetch-mode': 'cors',
      'sec-fetch-site': forged.from,
      'sec-fetch-dest': 'empty',
    },
  }
}

/** Does the answer to the question let a request with credentials through (Fetch, "CORS check")? */
export function isGranted(
  forged: ForgedRequest,
  origin: string,
  status: number,
  answer: Readonly<Record<string, unknown>>,
): boolean {
  const listed = String(answer['access-control-allow-headers'] ?? '').toLowerCase()
  const names = listed.split(',').map((name) => name.trim())
  return (
    status >= 200 &&
    status < 300 &&
    answer['access-control-allow-origin'] === origin &&
    answer['access-control-allow-credentials'] === 'true' &&
    Object.keys(forged.headers ?? {}).every((name) => names.includes(name.toLowerCase()))
  )
}

/** The request as a browser sends it. @param cookie the victim's, where the browser attaches it. */
export function asBrowserSends(
  forged: ForgedRequest,
  origin: string,
  cookie: string | undefined,
): RequestTemplate {
  const { from, how, method, path, contentType, body, headers } = forged
  const mode = how === 'navigation' ? 'navigate' : headers === undefined ? 'no-cors' : 'cors'
  return {
    method,
    path,
    headers: {
      ...(method === 'POST' || mode === 'cors' ? { origin } : {}),
      referer: `${origin}/`,
      'sec-fetch-site': from,
      'sec-fetch-mode': mode,
      'sec-fetch-dest': DESTINATION[how],
      ...(how === 'navigation' ? { 'sec-fetch-user': '?1', 'upgrade-insecure-requests': '1' } : {}),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  }
}
