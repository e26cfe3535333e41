import { createHash, timingSafeEqual } from 'node:crypto'
import type { onRequestHookHandler } from 'fastify'
import type { ErrorBody } from '#contract/reasons.ts'

const UNAUTHORIZED: ErrorBody = { error: 'unauthorized', message: 'the bearer token is missing or wrong' }

/** Refuses every request that does not carry the token; how long it takes says nothing about the token. */
export function bearerCheck(token: string): onRequestHookHandler {
  const expected = digest(`Bearer ${token}`)
  return async (request, reply) => {
    // Digests have one length, whatever was sent.
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      return reply.code(401).header('www-authenticate', 'Bearer').send(UNAUTHORIZED)
    }
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
