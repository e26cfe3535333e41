import { HEADERS } from '#contract/headers.ts'
import { UNAVAILABLE_HEADER, UNAVAILABLE_REASONS } from '#contract/reasons.ts'
import { ANSWER_DROPPED, nominated } from './fields.ts'

/** An upstream's head as it goes to the client, and what the guard needs to know of it. */
export interface AnswerHead {
  /** Names as received and values by turns. */
  readonly headers: string[]
  /** `content-length`, where the body's size is announced. */
  readonly length: number | undefined
  readonly mode: string | undefined
  /** A 503 that says that the store is unavailable: not this upstream's fault. */
  readonly storeUnavailable: boolean
  /** Where `cache-control` stands in `headers`, -1: nowhere. */
  readonly cacheControlAt: number
}

/** Removes what ends at this hop. Undefined for a head that two readers could read differently. */
export function readAnswerHead(raw: readonly string[]): AnswerHead | undefined {
  const headers: string[] = []
  let length: number | undefined
  let mode: string | undefined
  let storeUnavailable = false
  let cacheControlAt = -1
  let names: readonly string[] | undefined
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const sent = raw[i] ?? ''
    const name = sent.toLowerCase()
    const value = raw[i + 1] ?? ''
    if (ANSWER_DROPPED.has(name)) {
      if (name === 'transfer-encoding' && value.trim().toLowerCase() !== 'chunked') return undefined
      if (name === 'connection' && !isPlain(value)) names = [...(names ?? []), ...(nominated(value) ?? [])]
      continue
    }
    if (name === 'content-length') {
      if (length !== undefined || !/^[0-9]{1,15}$/.test(value)) return undefined
      length = Number(value)
    } else if (name === HEADERS.mode) mode = value
    else if (name === UNAVAILABLE_HEADER)
      storeUnavailable = (UNAVAILABLE_REASONS as readonly string[]).includes(value)
    else if (name === 'cache-control') cacheControlAt = headers.length
    headers.push(sent, value)
  }
  if (names !== undefined && names.length > 0) {
    const kept = headers.filter((_, i) => !names.includes((headers[i - (i % 2)] ?? '').toLowerCase()))
    const at = kept.findIndex((part, i) => i % 2 === 0 && part.toLowerCase() === 'cache-control')
    return { headers: kept, length, mode, storeUnavailable, cacheControlAt: at }
  }
  return { headers, length, mode, storeUnavailable, cacheControlAt }
}

function isPlain(connection: string): boolean {
  return connection === 'keep-alive' || connection === 'close'
}

/** Adds the affinity cookie, and sees to it that no shared cache keeps an answer that pins somebody. */
export function addAffinity(head: AnswerHead, setCookie: string): void {
  head.headers.push('set-cookie', setCookie)
  const at = head.cacheControlAt + 1
  const given = head.cacheControlAt < 0 ? undefined : head.headers[at]
  if (given === undefined) {
    head.headers.push('cache-control', 'private')
    return
  }
  const directives = given
    .split(',')
    .map((directive) => directive.trim())
    .filter((directive) => directive !== '' && !/^(?:public|private|s-maxage=.*)$/i.test(directive))
  head.headers[at] = ['private', ...directives].join(', ')
}
