import type { FastifyRequest } from 'fastify'

/**
 * Takes a request out of @fastify/session's hands: its onSend hook would save a changed session once more, clear the
 * cookie of a login that another node or another mode holds, and send a store's error text to the client.
 */
export function detach(request: FastifyRequest): void {
  if ('session' in request) Object.assign(request, { session: null })
}
