import type { RequestTemplate } from '#contract/target.ts'
import { renderRequest } from '#contract/target.ts'
import { createCookieJar, parseCookieHeader } from '../../workload/cookie-jar.ts'
import type { LoadClient, LoadPlan, MixedRequest } from '../plan.ts'
import type { AnswerReader } from '../read-answer.ts'
import { createAnswerReader } from '../read-answer.ts'

/** A client with one request made ready beforehand, so that nothing but sending is left when it is due. */
export interface PreparedClient {
  readonly userId: string
  readonly reader: AnswerReader
  readonly method: RequestTemplate['method']
  readonly path: string
  readonly body: Buffer | null
  /** Flat header list of the request, as sent. */
  headers: string[]
  /** Takes in an answer's cookies; later requests carry them. */
  follow(setCookies: readonly string[]): void
}

/** @param mixed a request of the plan's mix in the place of the plan's own. */
export function prepareClient(client: LoadClient, plan: LoadPlan, mixed?: MixedRequest): PreparedClient {
  const template = mixed?.request ?? plan.request
  const credential = mixed?.withoutCredential ? undefined : client
  const request = renderRequest(template, credential, { user: client.userId, ...mixed?.blanks })
  const { cookie, ...others } = lowerCased(request.headers)
  const fixed = Object.entries(others).flat()
  const jar = createCookieJar()
  for (const [name, value] of parseCookieHeader(cookie ?? '')) jar.put(name, value)
  const { userMember } = mixed ?? plan
  const prepared: PreparedClient = {
    userId: client.userId,
    reader: createAnswerReader(
      { ...client, expectation: mixed?.expectation ?? client.expectation },
      userMember,
      plan.statuses,
    ),
    method: request.method,
    path: request.path,
    body: request.body === undefined ? null : Buffer.from(request.body),
    headers: cookie === undefined ? fixed : [...fixed, 'cookie', cookie],
    follow(setCookies) {
      if (!jar.absorb(setCookies)) return
      const header = jar.header()
      prepared.headers = header === undefined ? fixed : [...fixed, 'cookie', header]
    },
  }
  return prepared
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
