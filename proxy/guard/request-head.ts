import type { IncomingMessage } from 'node:http'
import type { AffinityCookie } from '../balance/affinity-cookie.ts'
import type { ProxySettings } from '../settings.ts'
import { isHost, originForm } from './authority.ts'
import { nominated, requestFieldKind } from './fields.ts'
import { appendForwarding, type Peer } from './forwarding-headers.ts'
import { REFUSALS, type Refusal } from './refusal.ts'

/** A request's head that may go on: every field checked, everything hop-by-hop gone, ours added. */
export interface RequestHead {
  readonly method: string
  readonly target: string
  /** Names in lower case and values by turns, without framing. */
  readonly headers: string[]
  readonly framing: 'none' | 'length' | 'chunked'
  /** Of the body, where the client announced it. */
  readonly length: number
  readonly expectsContinue: boolean
  /** The node that a valid affinity cookie names. */
  readonly pinnedTo: string | undefined
  /** The value of the hashed header or cookie, where the balancer asks for one. */
  readonly routingKey: string | undefined
  readonly requestId: string
}

export interface HeadRules {
  readonly client: ProxySettings['client']
  readonly affinity: AffinityCookie
  readonly routingKey: ((headers: readonly string[]) => string | undefined) | undefined
  readonly requestId: () => string
}

const INVALID_VALUE = /[^\t\x20-\x7e\x80-\xff]/
const VIA = 'stillin'

/** What one walk over the fields finds. */
interface Found {
  readonly out: string[]
  host: string | undefined
  hosts: number
  connection: string | undefined
  length: string | undefined
  lengths: number
  coding: string | undefined
  codings: number
  cookie: string | undefined
  via: string | undefined
  claimed: string[] | undefined
  expect: string | undefined
}

/** Checks the head of a request and makes the head that goes upstream. Nothing is sent for a refused one. */
export function checkHead(request: IncomingMessage, peer: Peer, rules: HeadRules): RequestHead | Refusal {
  const { method = '', rawHeaders } = request
  if (request.httpVersionMajor !== 1 || request.httpVersionMinor > 1) return REFUSALS.versionRefused
  if (method === 'CONNECT' || method === 'TRACE') return REFUSALS.methodRefused
  if (rawHeaders.length > 2 * rules.client.maxHeaderLines) return REFUSALS.headTooLarge
  const found = walk(rawHeaders)
  if (found === undefined) return REFUSALS.headerInvalid
  const isOld = request.httpVersionMinor === 0
  if (found.hosts > 1 || (found.host === undefined ? !isOld : !isHost(found.host)))
    return REFUSALS.hostInvalid
  const target = originForm(request.url ?? '', found.host)
  if (target === undefined) return REFUSALS.targetInvalid
  const framing = checkFraming(found, isOld, rules.client.maxBodyBytes)
  if (typeof framing !== 'string') return framing
  if (found.expect !== undefined && found.expect.toLowerCase() !== '100-continue')
    return REFUSALS.expectationFailed
  const headers = withoutNominated(found)
  if (headers === undefined) return REFUSALS.headerInvalid
  const routingKey = rules.routingKey?.(rawHeaders)
  let pinnedTo: string | undefined
  if (found.cookie !== undefined) {
    const pin = rules.affinity.take(found.cookie)
    pinnedTo = pin.nodeId
    if (pin.rest !== undefined) headers.push('cookie', pin.rest)
  }
  const requestId = appendForwarding(headers, peer, found.host, found.claimed, rules.requestId)
  const hop = `1.${request.httpVersionMinor} ${VIA}`
  headers.push('via', found.via === undefined ? hop : `${found.via}, ${hop}`)
  return {
    method,
    target,
    headers,
    framing,
    length: found.length === undefined ? 0 : Number(found.length),
    expectsContinue: found.expect !== undefined && !isOld,
    pinnedTo,
    routingKey,
    requestId,
  }
}

/** One pass over the raw fields; undefined when one of them is not acceptable. */
function walk(raw: readonly string[]): Found | undefined {
  const found: Found = {
    out: [],
    host: undefined,
    hosts: 0,
    connection: undefined,
    length: undefined,
    lengths: 0,
    coding: undefined,
    codings: 0,
    cookie: undefined,
    via: undefined,
    claimed: undefined,
    expect: undefined,
  }
  let once: string[] | undefined
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    const value = raw[i + 1] ?? ''
    if (INVALID_VALUE.test(value)) return undefined
    switch (requestFieldKind(name)) {
      case 'pass':
        found.out.push(name, value)
        break
      case 'once':
        once ??= []
        if (once.includes(name)) return undefined
        once.push(name)
        found.out.push(name, value)
        break
      case 'host':
        found.host = value
        found.hosts += 1
        break
      case 'connection':
        found.connection = joined(found.connection, value)
        break
      case 'content-length':
        found.length = value
        found.lengths += 1
        break
      case 'transfer-encoding':
        found.coding = value
        found.codings += 1
        break
      case 'cookie':
        found.cookie = found.cookie === undefined ? value : `${found.cookie}; ${value}`
        break
      case 'via':
        found.via = joined(found.via, value)
        break
      case 'forwarding':
        found.claimed ??= []
        found.claimed.push(name, value)
        break
      case 'drop':
        if (name === 'expect') found.expect = joined(found.expect, value)
        break
    }
  }
  return found
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`
}

/** How the body is framed, or why it cannot be told (RFC 9112, 6.1 and 6.3, at its strictest). */
function checkFraming(found: Found, isOld: boolean, maxBodyBytes: number): RequestHead['framing'] | Refusal {
  if (found.coding !== undefined) {
    if (found.lengths > 0 || found.codings > 1 || isOld) return REFUSALS.framingInvalid
    if (found.coding.toLowerCase() === 'chunked') return 'chunked'
    const codings = found.coding.split(',').map((coding) => coding.trim().toLowerCase())
    const known = codings.every((coding) => coding === '' || coding === 'chunked')
    return known ? REFUSALS.framingInvalid : REFUSALS.codingUnknown
  }
  if (found.length === undefined) return 'none'
  if (found.lengths > 1 || !/^[0-9]{1,15}$/.test(found.length)) return REFUSALS.framingInvalid
  return Number(found.length) > maxBodyBytes ? REFUSALS.bodyTooLarge : 'length'
}

/** The fields without those that Connection nominates; Host comes first. */
function withoutNominated(found: Found): string[] | undefined {
  const headers: string[] = found.host === undefined ? [] : ['host', found.host]
  const names = found.connection === undefined ? [] : nominated(found.connection)
  if (names === undefined) return undefined
  const { out } = found
  for (let i = 0; i < out.length; i += 2) {
    const name = out[i] ?? ''
    if (names.length === 0 || !names.includes(name)) headers.push(name, out[i + 1] ?? '')
  }
  return headers
}
