import type { OutboundRequest } from '../forward/forwarder.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { RequestHead } from './request-head.ts'

/** Methods that may be sent twice (RFC 9110, 9.2.1); TRACE never gets here. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Methods that say aloud that they bring no body (RFC 9110, 8.6). */
const SAYS_EMPTY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** The request as it goes out, with a Content-Length wherever there is a body: nothing else ever frames it. */
export function outbound(head: RequestHead, body: Buffer | undefined): OutboundRequest {
  const { method, target, headers } = head
  const filled = body !== undefined && body.length > 0 ? body : undefined
  if (filled || SAYS_EMPTY.has(method)) headers.push('content-length', String(filled?.length ?? 0))
  return { method, target, headers, body: filled }
}

/** HTTP/1.0 may come without a Host; an upstream always gets one. */
export function withHost(request: OutboundRequest, upstream: Upstream): OutboundRequest {
  if (request.headers[0] === 'host') return request
  return { ...request, headers: ['host', upstream.authority, ...request.headers] }
}

/**
 * May this be sent once more, to another upstream? Anything, as long as no byte of it has left; afterwards only what
 * changes nothing and has no body.
 */
export function isRepeatable(request: OutboundRequest, sent: boolean): boolean {
  return !sent || (REPEATABLE.has(request.method) && request.body === undefined)
}
