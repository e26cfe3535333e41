import { COOKIES, HEADERS } from './headers.ts'
import type { Mode } from './modes.ts'
import { usesCookies } from './modes.ts'
import type { Credential } from './node-admin.ts'
import type { Renewal } from './renewal.ts'
import { ROUTES } from './routes.ts'

/** A request of a target. `{user}`, `{password}`, `{refresh}` (the refresh token) and `{data}` in the body are filled in. */
export interface RequestTemplate {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * A service that can be drilled: what to send, where the credential comes back, who the nodes are.
 * Plain data, so that it can be read from a file for somebody else's service.
 */
export interface Target {
  readonly name: string
  /** Where clients go in. */
  readonly url: string
  readonly nodes: readonly { readonly id: string; readonly url: string }[]
  readonly requests: {
    readonly login: RequestTemplate
    readonly lookup: RequestTemplate
    readonly write?: RequestTemplate
    /** What was written, as `{data}`. */
    readonly readData?: RequestTemplate
    readonly refresh?: RequestTemplate
    /** What matters more than a lookup; wants the password again. */
    readonly transfer?: RequestTemplate
    readonly logout: RequestTemplate
    readonly baseline?: RequestTemplate
  }
  readonly credential: {
    /** Names of the cookies to keep. */
    readonly cookies: readonly string[]
    /** The member of an answer that holds a bearer token. */
    readonly bearerMember?: string
    /** The member of an answer that holds a refresh token; absent where it is a cookie, or where there is none. */
    readonly refreshMember?: string
    /** The header, in lower case, with which any answer may hand out the bearer token to send from then on. */
    readonly bearerHeader?: string
  }
  /** The member of a lookup's answer that names the user. */
  readonly userMember: string
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** Our own cluster as a target, in one of its modes; where the renewal is by pair it can be refreshed. */
export function stillinTarget(
  mode: Mode,
  url: string,
  nodes: readonly { id: string; url: string }[],
  renewal: Renewal = 'fixed',
): Target {
  const change: Record<string, string> = usesCookies(mode) ? { [HEADERS.csrf]: '1' } : {}
  const isPair = renewal === 'pair'
  const withRefreshToken =
    isPair && !usesCookies(mode)
      ? { headers: JSON_TYPE, body: '{"refreshToken":"{refresh}"}' }
      : { headers: change }
  const login = { method: 'POST', path: ROUTES.login, headers: JSON_TYPE } as const
  return {
    name: `stillin ${mode.name}`,
    url,
    nodes,
    requests: {
      login: { ...login, body: '{"username":"{user}","password":"{password}"}' },
      lookup: { method: 'GET', path: ROUTES.me, headers: {} },
      write: { method: 'PUT', path: ROUTES.data, headers: { ...JSON_TYPE, ...change }, body: '{data}' },
      readData: { method: 'GET', path: ROUTES.data, headers: {} },
      transfer: {
        method: 'POST',
        path: ROUTES.transfer,
        headers: { ...JSON_TYPE, ...change },
        body: '{"amount":1,"password":"{password}"}',
      },
      ...(isPair && { refresh: { method: 'POST', path: ROUTES.refresh, ...withRefreshToken } }),
      logout: { method: 'POST', path: ROUTES.logout, ...withRefreshToken },
      baseline: { method: 'GET', path: ROUTES.baseline, headers: {} },
    },
    credential: usesCookies(mode)
      ? { cookies: [COOKIES.session, COOKIES.affinity, ...(isPair ? [COOKIES.refresh] : [])] }
      : {
          cookies: [COOKIES.affinity],
          bearerMember: 'accessToken',
          bearerHeader: HEADERS.accessToken,
          ...(isPair && { refreshMember: 'refreshToken' }),
        },
    userMember: 'id',
  }
}

/** The request as sent, with the credential's headers and the body's blanks filled in (values are JSON-escaped). */
export function renderRequest(
  template: RequestTemplate,
  credential: Credential | undefined,
  blanks: Readonly<Record<string, string>> = {},
): RequestTemplate {
  const headers = { ...template.headers, ...credential?.headers }
  if (template.body === undefined) return { ...template, headers }
  const body = template.body.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = blanks[name] ?? (name === 'refresh' ? credential?.refreshToken : undefined)
    if (value === undefined) return whole
    return name === 'data' ? value : JSON.stringify(value).slice(1, -1)
  })
  return { ...template, headers, body }
}
