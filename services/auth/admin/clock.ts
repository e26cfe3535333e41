import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Clock } from '../clock.ts'

const ClockBody = Type.Object(
  { offsetMs: Type.Integer({ minimum: -1e12, maximum: 1e12 }) },
  { additionalProperties: false },
)

/** `PUT /clock {offsetMs}`: how far this node's clock is from the system's, so that expiry can be tested. */
export function clockRoute(app: FastifyInstance, clock: Clock): void {
  app.put<{ Body: Static<typeof ClockBody> }>(
    ADMIN_ROUTES.clock,
    { schema: { body: ClockBody } },
    async (request) => {
      clock.setOffset(request.body.offsetMs)
      return { nowMs: clock.now() }
    },
  )
}
