import { HEADERS } from '#contract/headers.ts'
import { ROUTES } from '#contract/routes.ts'

const ANSWER_MS = 5_000

/** One device of the visitor: cookies and token as a browser or an app would keep them. */
export interface VisitorLogin {
  /** The headers that carry the credential, as sent to a node; the affinity cookie is for the proxy alone. */
  credentialHeaders(): Record<string, string>
  /** What `POST /refresh` wants as its body: the refresh token, where no cookie carries it. */
  refreshBody(): { refreshToken: string } | undefined
  /** Does it hold a refresh token, a pin? */
  holds(what: 'refresh' | 'pin'): boolean
  send(method: string, path: string, body?: object): Promise<VisitorAnswer>
}

/** `status` 0: no answer. */
export interface VisitorAnswer {
  status: number
  node: string
  revocation: string
  mode: string
  body: {
    accessToken?: string
    refreshToken?: string
    user?: { id: string; role: string }
    error?: string
    reason?: string
    message?: string
  }
}

export function createVisitorLogin(proxyUrl: string): VisitorLogin {
  const cookies = new Map<string, string>()
  let token: string | undefined
  let refreshToken: string | undefined
  const cookieHeader = (keep: (name: string) => boolean): Record<string, string> => {
    const pairs = [...cookies].filter(([name]) => keep(name)).map(([name, value]) => `${name}=${value}`)
    return pairs.length === 0 ? {} : { cookie: pairs.join('; ') }
  }
  const bearer = (): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` }
  function keep(setCookie: string): void {
    const [pair = '', ...attributes] = setCookie.split(';')
    const at = pair.indexOf('=')
    if (at < 1) return
    const gone = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute) || inThePast(attribute))
    if (gone || pair.length === at + 1) cookies.delete(pair.slice(0, at))
    else cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return {
    credentialHeaders: () => ({
      ...cookieHeader((name) => !name.includes('affinity') && !name.includes('refresh')),
      ...bearer(),
    }),
    refreshBody: () => (refreshToken === undefined ? undefined : { refreshToken }),
    holds: (what) =>
      [...cookies.keys()].some((name) => name.includes(what === 'pin' ? 'affinity' : 'refresh')) ||
      (what === 'refresh' && refreshToken !== undefined),
    async send(method, path, body) {
      try {
        const response = await fetch(proxyUrl + path, {
          method,
          headers: {
            ...cookieHeader(() => true),
            ...bearer(),
            ...(method === 'GET' || path === ROUTES.login ? {} : { [HEADERS.csrf]: '1' }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          signal: AbortSignal.timeout(ANSWER_MS),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        const text = await response.text()
        for (const cookie of response.headers.getSetCookie()) keep(cookie)
        const answer = (text === '' ? {} : JSON.parse(text)) as VisitorAnswer['body']
        if (response.ok && answer.accessToken !== undefined) token = answer.accessToken
        if (response.ok && answer.refreshToken !== undefined) refreshToken = answer.refreshToken
        return {
          status: response.status,
          node: response.headers.get(HEADERS.servedBy) ?? '',
          revocation: response.headers.get(HEADERS.revocation) ?? '',
          mode: response.headers.get(HEADERS.mode)?.split('@')[0] ?? '',
          body: answer,
        }
      } catch {
        return { status: 0, node: '', revocation: '', mode: '', body: { error: 'no answer' } }
      }
    },
  }
}

function inThePast(attribute: string): boolean {
  const match = /^\s*expires=(.+)$/i.exec(attribute)
  return match?.[1] !== undefined && Date.parse(match[1]) < Date.now()
}
