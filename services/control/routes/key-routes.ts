import type { FastifyInstance } from 'fastify'
import type { RotateKeysRequest } from '#contract/control.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Control } from '../control.ts'
import { answerError } from './answer-error.ts'

const ROTATE_BODY = {
  type: 'object',
  properties: { revokeOld: { type: 'boolean' } },
  additionalProperties: false,
} as const

/** `POST /keys/rotate {revokeOld?}` → KeysAnswer. */
export function keyRoutes(server: FastifyInstance, control: Control): void {
  server.post<{ Body: RotateKeysRequest }>(
    `${ADMIN_ROUTES.keys}/rotate`,
    { schema: { body: ROTATE_BODY } },
    async (request, reply) => {
      const outcome = await control.rotateKeys(request.body.revokeOld ?? false)
      if ('status' in outcome) return answerError(reply, outcome.status, 'keys_not_rotated', outcome.message)
      return outcome
    },
  )
}
