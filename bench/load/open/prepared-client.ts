import type { IncomingHttpHeaders } from 'node:http'
import type { Credential } from '#contract/node-admin.ts'
import type { RequestTemplate } from '#contract/target.ts'
import { renderRequest } from '#contract/target.ts'
import { createCookieJar, parseCookieHeader } from '../../workload/cookie-jar.ts'
import type { LoadClient, LoadPlan, MixedRequest } from '../plan.ts'
import type { AnswerReader } from '../read-answer.ts'
import { createAnswerReader } from '../read-answer.ts'
import type { HeldCredential } from './held-credential.ts'

/** A client with one request made ready beforehand, so that nothing but sending is left when it is due. */
export interface PreparedClient {
  readonly userId: string
  /** While this request of the user's is under way, nothing else of theirs is. */
  readonly isAlone: boolean
  readonly reader: AnswerReader
  readonly method: RequestTemplate['method']
  readonly path: string
  body: Buffer | null
  /** Flat header list of the request, as sent. */
  headers: string[]
  /** Called before it is sent: presents what the user holds by now. */
  renew(): void
  /** Takes in what a success hands out, where the plan says so. */
  takeUp(headers: IncomingHttpHeaders, setCookies: readonly string[], body: Buffer): void
  /** Takes in an answer's cookies; later requests carry them. */
  follow(setCookies: readonly string[]): void
}

/**
 * @param mixed a request of the plan's mix in the place of the plan's own.
 * @param held what the user holds, where answers change it.
 */
export function prepareClient(
  client: LoadClient,
  plan: LoadPlan,
  mixed?: MixedRequest,
  held?: HeldCredential,
): PreparedClient {
  const template = mixed?.request ?? plan.request
  const presents = !mixed?.withoutCredential
  const own = presents ? held : undefined
  const render = (credential: Credential | undefined) =>
    wireForm(renderRequest(template, credential, { user: client.userId, ...mixed?.blanks }))
  const first = render(presents ? client : undefined)
  let version = 0
  const { userMember } = mixed ?? plan
  const prepared: PreparedClient = {
    userId: client.userId,
    isAlone: mixed?.isAlone === true,
    reader: createAnswerReader(
      { ...client, expectation: mixed?.expectation ?? client.expectation },
      userMember,
      plan.statuses,
    ),
    method: template.method,
    path: template.path,
    body: first.body,
    headers: withCookie(first.fixed, first.cookie),
    renew() {
      if (own === undefined || own.version === version) return
      version = own.version
      const { body, fixed, cookie } = render(own.credential)
      prepared.body = body
      prepared.headers = withCookie(fixed, cookie)
    },
    takeUp: (headers, setCookies, body) => own?.takeUp(headers, setCookies, body),
    follow: followCookies(first, (headers) => {
      prepared.headers = headers
    }),
  }
  return prepared
}

interface WireForm {
  /** Flat list of all headers but the cookies. */
  fixed: string[]
  cookie: string | undefined
  body: Buffer | null
}

function wireForm({ headers, body }: RequestTemplate): WireForm {
  const { cookie, ...others } = lowerCased(headers)
  return {
    fixed: Object.entries(others).flat(),
    cookie,
    body: body === undefined ? null : Buffer.from(body),
  }
}

function withCookie(fixed: readonly string[], cookie: string | undefined): string[] {
  return cookie === undefined ? [...fixed] : [...fixed, 'cookie', cookie]
}

function followCookies(
  { fixed, cookie }: WireForm,
  changed: (headers: string[]) => void,
): PreparedClient['follow'] {
  const jar = createCookieJar()
  for (const [name, value] of parseCookieHeader(cookie ?? '')) jar.put(name, value)
  return (setCookies) => {
    if (jar.absorb(setCookies)) changed(withCookie(fixed, jar.header()))
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
