import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Burden } from '../burden.ts'

const BurdenBody = Type.Object(
  {
    cpuUs: Type.Number({ minimum: 0, maximum: 100_000 }),
    delayMs: Type.Number({ minimum: 0, maximum: 10_000 }),
    checksOnly: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

/** `PUT /burden {cpuUs, delayMs, checksOnly?}`: a slowdown of public answers from now on. Tests and calibration only. */
export function burdenRoute(app: FastifyInstance, burden: Burden): void {
  app.put<{ Body: Static<typeof BurdenBody> }>(
    ADMIN_ROUTES.burden,
    { schema: { body: BurdenBody } },
    async (request, reply) => {
      burden.put(request.body)
      return reply.code(204).send()
    },
  )
}
