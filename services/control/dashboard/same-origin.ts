import type { onRequestHookHandler } from 'fastify'
import type { ErrorBody } from '#contract/reasons.ts'

const FOREIGN: ErrorBody = { error: 'foreign_origin', message: 'another site’s page asked for this' }

/**
 * Refuses a state change that a page of another origin sends. Callers that are no browser send neither header; the
 * bearer token is still asked of everybody.
 */
export const sameOriginCheck: onRequestHookHandler = async (request, reply) => {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const { origin, host, 'sec-fetch-site': site } = request.headers
  // Both parsed, so that a default port is left out of both.
  const own = URL.parse(`http://${host}`)?.host
  const foreign = origin !== undefined && URL.parse(origin)?.host !== own
  if (foreign || (site !== undefined && site !== 'same-origin' && site !== 'none'))
    return reply.code(403).send(FOREIGN)
}
