import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Gates } from '../gates.ts'
import { GATE_NAMES } from '../gates.ts'

const GateParams = Type.Object({ name: Type.Enum([...GATE_NAMES]) })
const GateBody = Type.Object({ held: Type.Boolean() }, { additionalProperties: false })

/**
 * `PUT /gates/:name {held}` holds a point of the public routes or lets everyone pass; `GET /gates/:name` waits (at
 * most 5 s) until a request is held there and answers `{waiting}`.
 */
export function gateRoutes(app: FastifyInstance, gates: Gates): void {
  const path = `${ADMIN_ROUTES.gates}/:name`
  app.put<{ Params: Static<typeof GateParams>; Body: Static<typeof GateBody> }>(
    path,
    { schema: { params: GateParams, body: GateBody } },
    async (request) => {
      const { name } = request.params
      if (request.body.held) gates.hold(name)
      else gates.release(name)
      return { held: request.body.held }
    },
  )
  app.get<{ Params: Static<typeof GateParams> }>(
    path,
    { schema: { params: GateParams } },
    async (request) => ({
      waiting: await gates.arrived(request.params.name),
    }),
  )
}
