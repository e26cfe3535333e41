import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ModePhaseRequest } from '#contract/control.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { AdminParts } from './admin-parts.ts'

const PhaseBody = Type.Object(
  {
    mode: Type.Enum([...MODE_NAMES]),
    generation: Type.Integer({ minimum: 1, maximum: 999_999_999 }),
    phase: Type.Enum(['prepare', 'commit', 'abort']),
  },
  { additionalProperties: false },
)

/** `PUT /mode`: one phase of a switch; answers the mode and generation in use afterwards. */
export function modeRoute(app: FastifyInstance, { modes }: AdminParts): void {
  app.put<{ Body: ModePhaseRequest }>(ADMIN_ROUTES.mode, { schema: { body: PhaseBody } }, async (request) => {
    await modes.take(request.body)
    const { mode, generation } = modes.current
    return { mode, generation }
  })
}
