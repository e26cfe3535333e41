import type { IncomingMessage } from 'node:http'
import { HEADERS } from '#contract/headers.ts'

/** As the proxy writes it and its access log has it. What else comes is not repeated in a log. */
const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/

/** How a node's log lines name a request: by the id that the proxy gave it, so that the lines of both can be joined. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const id = headers[HEADERS.requestId]
  return typeof id === 'string' && REQUEST_ID.test(id) ? id : 'none'
}
