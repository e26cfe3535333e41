import { sendOnce } from '#bench/load/send.ts'
import type { VirtualClient } from '#bench/workload/client.ts'
import { HEADERS } from '#contract/headers.ts'
import type { LifeStep } from '#contract/life.ts'
import { ROUTES } from '#contract/routes.ts'
import type { RequestTemplate } from '#contract/target.ts'

const TIMEOUT_MS = 3_000

/** A step as it is told, and the answer's body for what comes next. */
export interface TakenStep {
  step: LifeStep
  body: unknown
}

/**
 * Sends one request and says in words what came back.
 * @param client takes in what the answer hands out; undefined: the answer changes nothing.
 * @param where added to what was asked, e.g. ` at node-1`.
 */
export async function takeStep(
  url: string,
  request: RequestTemplate | undefined,
  client: VirtualClient | undefined,
  where = '',
): Promise<TakenStep> {
  if (!request) return told({ request: 'nothing', node: '', status: 0, answer: 'not offered in this mode' })
  const asked = `${request.method} ${request.path.replace(/^(\/sessions\/.).*/, '$1…')}${where}`
  const answer = await sendOnce(url, request, { timeoutMs: TIMEOUT_MS })
  if (answer.kind !== 'answer') return told({ request: asked, node: '', status: 0, answer: answer.kind })
  const changed = client?.absorb(answer.setCookies, answer.body, answer.headers) ?? false
  const words = [
    inWords(answer.body),
    client && changed ? held(client) : '',
    client === undefined && handsOut(answer) ? 'and is given a new credential' : '',
    revocation(request, answer.headers),
  ]
  const step = {
    request: asked,
    node: String(answer.headers[HEADERS.servedBy] ?? ''),
    status: answer.status,
    answer: words.filter((part) => part !== '').join('; '),
  }
  return { step, body: answer.body }
}

function told(step: LifeStep): TakenStep {
  return { step, body: undefined }
}

function handsOut({ setCookies, headers }: { setCookies: readonly string[]; headers: object }): boolean {
  return HEADERS.accessToken in headers || setCookies.some((line) => !/max-age=0/i.test(line))
}

function inWords(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const { reason, error, id, role, user, data, sessions } = body as Record<string, unknown>
  if (typeof reason === 'string') return `refused: ${reason}`
  if (typeof error === 'string') return `refused: ${error}`
  if (data !== undefined) return JSON.stringify(data)
  if (Array.isArray(sessions)) return `${sessions.length} login${sessions.length === 1 ? '' : 's'}`
  if (typeof id === 'string') return role === undefined ? id : `${id}, ${String(role)}`
  const named = user as { id?: unknown; role?: unknown } | undefined
  return typeof named?.id === 'string' ? `${named.id}, ${String(named.role)}` : ''
}

/** What the client holds now, by its size: what every further request carries. */
function held(client: VirtualClient): string {
  const { headers, refreshToken } = client.credential()
  const { cookie, authorization } = headers as Record<string, string | undefined>
  const parts = [
    cookie === undefined ? '' : `cookies of ${cookie.length} bytes`,
    authorization === undefined ? '' : `a token of ${authorization.length - 'Bearer '.length} bytes`,
    refreshToken === undefined ? '' : `a refresh token of ${refreshToken.length}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'the client holds nothing' : `the client holds ${parts.join(' and ')}`
}

function revocation(request: RequestTemplate, headers: Readonly<Record<string, unknown>>): string {
  return request.path === ROUTES.logout
    ? `takes hold: ${String(headers[HEADERS.revocation] ?? 'unknown')}`
    : ''
}
