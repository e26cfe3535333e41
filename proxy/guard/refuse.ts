import type { IncomingMessage, ServerResponse } from 'node:http'
import { HEADERS, SERVED_BY_PROXY } from '#contract/headers.ts'
import { type ClientConnection, closeGently } from './client-connection.ts'
import type { GuardContext } from './guard-context.ts'
import { type Refusal, refusalBody } from './refusal.ts'

/**
 * Answers a request for the proxy itself. The connection is closed unless the request was whole and in order:
 * otherwise bytes of unknown meaning could be on their way.
 */
export function refuse(
  context: GuardContext,
  connection: ClientConnection,
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
): void {
  const { counters, settings, closing } = context
  counters.own += 1
  counters.answered(refusal.status, false)
  const body = refusalBody(refusal)
  const headers = [HEADERS.servedBy, SERVED_BY_PROXY, 'content-type', 'application/json']
  headers.push('cache-control', 'no-store', 'content-length', String(body.length))
  if (refusal.status === 503) headers.push('retry-after', '1')
  if (refusal.keepsConnection !== true || !request.complete || closing) {
    headers.push('connection', 'close')
    connection.refuseRest()
    const { socket } = request
    socket.destroySoon = () => closeGently(socket, settings.client.lingerMs)
  }
  response.writeHead(refusal.status, headers)
  response.end(body)
}
