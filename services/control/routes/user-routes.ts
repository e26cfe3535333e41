import type { FastifyInstance, FastifyReply } from 'fastify'
import type { BanRequest, RoleRequest } from '#contract/node-admin.ts'
import { ROLES, USER_ID_PATTERN } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Control } from '../control.ts'
import type { UserChange } from '../part-client.ts'
import { answerError } from './answer-error.ts'

const BAN_BODY = {
  type: 'object',
  properties: { banned: { type: 'boolean' } },
  required: ['banned'],
  additionalProperties: false,
} as const
const ROLE_BODY = {
  type: 'object',
  properties: { role: { enum: ROLES } },
  required: ['role'],
  additionalProperties: false,
} as const
const USER_PARAMS = {
  type: 'object',
  properties: { id: { type: 'string', pattern: USER_ID_PATTERN } },
} as const
type UserRequest<Body> = { Params: { id: string }; Body: Body }

/**
 * `POST /users/:id/ban {banned}` and `/users/:id/role {role}` → UserChangeReport: 200 when every running node did it,
 * 503 when some did not.
 */
export function userRoutes(server: FastifyInstance, control: Control): void {
  async function change(reply: FastifyReply, id: string, wanted: UserChange): Promise<FastifyReply> {
    const outcome = await control.changeUser(id, wanted)
    if ('status' in outcome) return answerError(reply, outcome.status, 'not_done', outcome.message)
    return reply.code(outcome.error === undefined ? 200 : 503).send(outcome)
  }
  server.post<UserRequest<BanRequest>>(
    `${ADMIN_ROUTES.users}/:id/ban`,
    { schema: { params: USER_PARAMS, body: BAN_BODY } },
    (request, reply) => change(reply, request.params.id, { kind: 'ban', body: request.body }),
  )
  server.post<UserRequest<RoleRequest>>(
    `${ADMIN_ROUTES.users}/:id/role`,
    { schema: { params: USER_PARAMS, body: ROLE_BODY } },
    (request, reply) => change(reply, request.params.id, { kind: 'role', body: request.body }),
  )
}
