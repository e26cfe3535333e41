import type { FastifyInstance } from 'fastify'
import { LINK_DELAY_MAX_MS, type LinkRequest } from '#contract/links.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Control } from '../control.ts'
import { answerError } from './answer-error.ts'

const DELAY = { type: 'number', minimum: 0, maximum: LINK_DELAY_MAX_MS } as const
const LINK_BODY = {
  type: 'object',
  properties: { delayMs: DELAY, jitterMs: DELAY, cut: { type: 'boolean' }, silent: { type: 'boolean' } },
  additionalProperties: false,
} as const
interface LinkCall {
  Params: { from: string; to: string }
  Body: LinkRequest
}

/** `PUT /links/:from/:to {delayMs, jitterMs, cut, silent}` → 204; what is left out is healthy. */
export function linkRoutes(server: FastifyInstance, control: Control): void {
  server.put<LinkCall>(
    `${ADMIN_ROUTES.links}/:from/:to`,
    { schema: { body: LINK_BODY } },
    async (request, reply) => {
      const { from, to } = request.params
      const error = await control.link(from, to, request.body)
      if (error !== undefined) return answerError(reply, error.status, 'not_done', error.message)
      return reply.code(204).send()
    },
  )
}
