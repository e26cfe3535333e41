import type { FastifyInstance } from 'fastify'
import { ROUTES } from '#contract/routes.ts'
import { AnswerError } from '../errors.ts'
import type { ModeParts } from './mode-parts.ts'

/** `GET /.well-known/jwks.json`: the public keys (RFC 7517), in every mode, so that tokens stay checkable. */
export function jwksRoute(app: FastifyInstance, { publicKeys }: ModeParts): void {
  app.get(ROUTES.jwks, async (_request, reply) => {
    const keys = await publicKeys()
    if (keys === undefined) throw new AnswerError('noPublicKeys')
    return reply.header('cache-control', 'public, max-age=60').send(keys)
  })
}
