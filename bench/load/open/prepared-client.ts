import { createCookieJar, parseCookieHeader } from '../../workload/cookie-jar.ts'
import type { LoadClient, LoadPlan } from '../plan.ts'
import type { AnswerReader } from '../read-answer.ts'
import { createAnswerReader } from '../read-answer.ts'

/** A client with its request made ready beforehand, so that nothing but sending is left when it is due. */
export interface PreparedClient {
  readonly userId: string
  readonly reader: AnswerReader
  /** Flat header list of the request, as sent. */
  headers: string[]
  /** Takes in an answer's cookies; later requests carry them. */
  follow(setCookies: readonly string[]): void
}

export function prepareClient(client: LoadClient, plan: LoadPlan): PreparedClient {
  const { cookie, ...others } = lowerCased({ ...plan.request.headers, ...client.headers })
  const fixed = Object.entries(others).flat()
  const jar = createCookieJar()
  for (const [name, value] of parseCookieHeader(cookie ?? '')) jar.put(name, value)
  const prepared: PreparedClient = {
    userId: client.userId,
    reader: createAnswerReader(client, plan.userMember),
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
