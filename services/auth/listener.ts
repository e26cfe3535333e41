import type { IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EXIT, StillinError } from '#contract/errors.ts'
import { StampedResponse } from './stamped-response.ts'
import { answerUnreadable } from './unreadable-request.ts'

/** Longer than any proxy keeps an idle connection, so that it is never this side that closes one just being reused. */
const KEEP_ALIVE_MS = 72_000
const HEADERS_MAX_MS = 10_000
const REQUEST_MAX_MS = 30_000
const LISTENERS_MAX = 32

/** An HTTP server that does not listen yet. */
export function createListener(
  answer: (request: IncomingMessage, response: StampedResponse) => void,
): Server {
  const server: Server = createServer({
    ServerResponse: StampedResponse as never,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MAX_MS,
    requestTimeout: REQUEST_MAX_MS,
    connectionsCheckingInterval: 1_000,
  })
  // Every mode's application listens for errors of the one server, and for broken requests.
  server.setMaxListeners(LISTENERS_MAX)
  server.on('request', (request, response) => answer(request, response as unknown as StampedResponse))
  server.on('clientError', answerUnreadable)
  return server
}

/**
 * Opens a server's port and answers its URL.
 * @param setting names the environment variable to change when the port cannot be had.
 * @throws StillinError (unavailable)
 */
export async function listen(server: Server, host: string, port: number, setting: string): Promise<string> {
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen({ host, port }, listening.resolve)
  try {
    await listening.promise
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StillinError(`${setting}: cannot listen on ${host}:${port}: ${why}`, {
      exitCode: EXIT.unavailable,
      hint: 'Choose another port, or 0 for a free one.',
    })
  }
  server.removeListener('error', listening.reject)
  const { address, port: opened, family } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${opened}`
}

/** Takes no more connections and waits for the open ones to finish what they are at; after `limitMs` they are cut. */
export async function closeServer(server: Server, limitMs: number): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const limit = setTimeout(() => server.closeAllConnections(), limitMs)
  await closed
  clearTimeout(limit)
}
