import type { IncomingHttpHeaders } from 'node:http'
import type { Credential } from '#contract/node-admin.ts'
import type { Target } from '#contract/target.ts'
import { createClient } from '../../workload/client.ts'
import type { LoadClient } from '../plan.ts'

/** What one virtual user of an open loop holds now; shared by every kind of request that they send. */
export interface HeldCredential {
  /** Rises whenever what is held changes. */
  readonly version: number
  readonly credential: Credential
  /** Takes up what a success hands out: cookies, a token in a header or in the body, a refresh token. */
  takeUp(headers: IncomingHttpHeaders, setCookies: readonly string[], body: Buffer): void
}

export function holdCredential(target: Target, user: LoadClient): HeldCredential {
  const client = createClient(target, user.userId, '')
  client.adopt(user)
  const { bearerMember, refreshMember } = target.credential
  const members = [bearerMember, refreshMember].flatMap((name) => (name === undefined ? [] : [`"${name}"`]))
  let version = 0
  let credential = client.credential()
  return {
    get version() {
      return version
    },
    get credential() {
      return credential
    },
    takeUp(headers, setCookies, body) {
      // Most bodies hand out nothing, and this runs once an answer.
      const handsOut = members.some((member) => body.includes(member))
      if (!client.absorb(setCookies, handsOut ? parse(body) : undefined, headers)) return
      credential = client.credential()
      version++
    },
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
