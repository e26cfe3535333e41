import type { FastifyInstance } from 'fastify'
import type { ModeRequest } from '#contract/control.ts'
import { isModeName, MODE_NAMES } from '#contract/modes.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Control } from '../control.ts'
import { answerError } from './answer-error.ts'

const MODE_BODY = {
  type: 'object',
  properties: { mode: { type: 'string' } },
  required: ['mode'],
  additionalProperties: false,
} as const

/** `PUT /mode {"mode"}` → `{mode, generation}`. */
export function modeRoutes(server: FastifyInstance, control: Control): void {
  server.put<{ Body: ModeRequest }>(
    ADMIN_ROUTES.mode,
    { schema: { body: MODE_BODY } },
    async (request, reply) => {
      const { mode } = request.body
      if (!isModeName(mode)) {
        return reply.code(400).send({
          error: 'bad_request',
          field: 'mode',
          message: `mode: there is no mode ${JSON.stringify(mode)}; there are ${MODE_NAMES.join(', ')}`,
        })
      }
      const outcome = await control.switchMode(mode)
      if ('status' in outcome) return answerError(reply, outcome.status, 'mode_not_switched', outcome.message)
      return outcome
    },
  )
}
