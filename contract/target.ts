import type { AnswerStatuses } from './answer-statuses.ts'
import { EXIT, StillinError } from './errors.ts'
import { COOKIES, HEADERS } from './headers.ts'
import type { Mode } from './modes.ts'
import { usesCookies } from './modes.ts'
import type { Credential } from './node-admin.ts'
import type { Operation } from './operations.ts'
import type { Renewal } from './renewal.ts'
import { ROUTES } from './routes.ts'

/** A request of a target. `{user}`, `{password}`, `{refresh}` (the refresh token) and `{data}` in the body are filled in. */
export interface RequestTemplate {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
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
    readonly logout?: RequestTemplate
    readonly baseline?: RequestTemplate
  }
  readonly credential: {
    /** Names of the cookies to keep, or all of them. */
    readonly cookies: readonly string[] | 'all'
    /** A token somewhere in the login's answer (a JSON pointer), and the headers in which it is sent, as `{token}`. */
    readonly token?: { readonly pointer: string; readonly headers: Readonly<Record<string, string>> }
    /** The member of an answer that holds a bearer token. */
    readonly bearerMember?: string
    /** The member of an answer that holds a refresh token; absent where it is a cookie, or where there is none. */
    readonly refreshMember?: string
    /** The header, in lower case, with which any answer may hand out the bearer token to send from then on. */
    readonly bearerHeader?: string
  }
  /** Where a lookup's answer names the user (`textAt`); undefined: it names nobody. */
  readonly userMember: string | undefined
  /** What a lookup's status says; as our own nodes answer unless given. */
  readonly statuses?: AnswerStatuses
  /** The header, in lower case, in which an answer names its node; `x-served-by` unless given. */
  readonly servedBy?: string
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

/** A request that the target offers. @throws StillinError where it does not. */
export function demandRequest(target: Target, operation: Operation): RequestTemplate {
  const request = target.requests[operation]
  if (request !== undefined) return request
  throw new StillinError(`${target.name} offers no ${operation}`, { exitCode: EXIT.usage })
}

/** The request as sent, with the credential's headers and the body's blanks filled in (escaped as the body wants it: a form's, or JSON's). */
export function renderRequest(
  template: RequestTemplate,
  credential: Credential | undefined,
  blanks: Readonly<Record<string, string>> = {},
): RequestTemplate {
  const headers = { ...template.headers, ...credential?.headers }
  if (template.body === undefined) return { ...template, headers }
  const isForm = /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '')
  const body = template.body.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = blanks[name] ?? (name === 'refresh' ? credential?.refreshToken : undefined)
    if (value === undefined) return whole
    if (isForm) return encodeURIComponent(value)
    return name === 'data' ? value : JSON.stringify(value).slice(1, -1)
  })
  return { ...template, headers, body }
}
