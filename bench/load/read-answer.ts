import { type AnswerStatuses, meaningOf } from '#contract/answer-statuses.ts'
import { classifyAnswer } from '#contract/classify.ts'
import { HEADERS } from '#contract/headers.ts'
import type { Outcome } from '#contract/outcomes.ts'
import { UNAVAILABLE_HEADER } from '#contract/reasons.ts'
import { textAt } from '#contract/text-at.ts'
import type { LoadClient } from './plan.ts'

/** The headers a load generator looks at. */
export interface AnswerHeaders {
  node: string
  mode: string
  unavailable: string
  setCookies: string[]
}

/** Picks those headers out of a raw list `[name, value, name, value, …]`, names in any case. */
export function readHeaders(raw: readonly string[]): AnswerHeaders {
  const headers: AnswerHeaders = { node: '', mode: '', unavailable: '', setCookies: [] }
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as string
    const value = raw[index + 1] as string
    // Lengths first: most headers are none of these, and this runs once an answer.
    switch (name.length) {
      case HEADERS.servedBy.length:
        if (name.toLowerCase() === HEADERS.servedBy) headers.node = value
        break
      case 'set-cookie'.length:
        if (name.toLowerCase() === 'set-cookie') headers.setCookies.push(value)
        break
      case HEADERS.mode.length:
        if (name.toLowerCase() === HEADERS.mode) headers.mode = value
        break
      case UNAVAILABLE_HEADER.length:
        if (name.toLowerCase() === UNAVAILABLE_HEADER) headers.unavailable = value
        break
    }
  }
  return headers
}

/** Judges one client's answers. Prepared once a client, since it runs once an answer. */
export interface AnswerReader {
  read(status: number, headers: AnswerHeaders, body: Buffer): { outcome: Outcome; reason: string }
}

/**
 * @param userMember where the body must name the client (`textAt`); undefined: nobody is named.
 * @param statuses of a service that is not ours; what is neither in nor out, and no server's error, is a `4xx`; see also readLookup.
 */
export function createAnswerReader(
  client: LoadClient,
  userMember: string | undefined,
  statuses?: AnswerStatuses,
): AnswerReader {
  const expected = userMember === undefined ? undefined : client.userId
  const opening = Buffer.from(`{${JSON.stringify(userMember ?? '')}:${JSON.stringify(client.userId)}`)

  /** A body that opens with the right member names the right user; any other is parsed. */
  function userOf(body: Buffer): string | undefined {
    if (userMember === undefined) return undefined
    const after = body[opening.length]
    const isMemberEnd = after === COMMA || after === BRACE
    if (isMemberEnd && opening.compare(body, 0, opening.length) === 0) return client.userId
    return textAt(parseObject(body), userMember)
  }

  /** The status that one of our nodes would have answered in its place. */
  function asOwn(status: number, body: Buffer): number {
    if (statuses === undefined) return status
    const meaning = meaningOf(status, statuses)
    if (meaning === undefined) return status >= 500 ? status : 400
    const namesNobody = meaning === 'in' && userMember !== undefined && userOf(body) === undefined
    return meaning === 'out' || namesNobody ? 401 : 200
  }

  return {
    read(received, headers, body) {
      const status = asOwn(received, body)
      if (status >= 200 && status < 300) {
        const answer = { status, userId: userOf(body), reason: undefined }
        return { outcome: classifyAnswer(answer, expected, client.expectation), reason: '' }
      }
      const stated = parseObject(body)?.['reason']
      const reason = typeof stated === 'string' ? stated : headers.unavailable
      return {
        outcome: classifyAnswer({ status, userId: undefined, reason }, expected, client.expectation),
        reason,
      }
    },
  }
}

const COMMA = 0x2c
const BRACE = 0x7d

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
