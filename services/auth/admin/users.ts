import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { MODES } from '#contract/modes.ts'
import type { BanRequest, RoleRequest, UserChangeAnswer, UsersOnlineAnswer } from '#contract/node-admin.ts'
import { ROLES, USER_ID_PATTERN } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { AnswerError } from '../errors.ts'
import type { MaybeLater } from '../maybe-later.ts'
import type { AdminParts } from './admin-parts.ts'

const UserParams = Type.Object({ id: Type.String({ pattern: USER_ID_PATTERN }) })
const BanBody = Type.Object({ banned: Type.Boolean() }, { additionalProperties: false })
const RoleBody = Type.Object({ role: Type.Enum([...ROLES]) }, { additionalProperties: false })
type UserRequest<Body> = { Params: { id: string }; Body: Body }

/**
 * `POST /users/:id/ban {banned}` and `/users/:id/role {role}`: the directory first, so that no login begins under the
 * old state, then the logins there are, in every mode this node has used. Repeating one is harmless, and needed where a
 * store did not answer: 503 says that the revocation is not confirmed. `GET /users/online` counts who is logged in.
 */
export function userRoutes(app: FastifyInstance, { config, modes, directory }: AdminParts): void {
  async function change(id: string, apply: () => MaybeLater<void>): Promise<UserChangeAnswer> {
    if ((await directory.find(id)) === undefined)
      throw new AnswerError('notFound', { message: `The user directory does not know "${id}".` })
    await apply()
    await modes.revocations.everywhere(id)
    const { role = '', banned = false } = (await directory.find(id)) ?? {}
    const { mode } = modes.current
    return { user: { id, role, banned }, mode, revokes: MODES[mode].revokes.user }
  }
  app.get(`${ADMIN_ROUTES.users}/online`, async (): Promise<UsersOnlineAnswer> => {
    const { strategy, mode } = modes.current
    const online = await strategy.usersOnline?.()
    if (online === undefined)
      throw new AnswerError('notInThisMode', { message: `In mode ${mode} nobody counts who is logged in.` })
    return { mode, ...online, max: config.limits.usersOnline ?? null }
  })
  app.post<UserRequest<BanRequest>>(
    `${ADMIN_ROUTES.users}/:id/ban`,
    { schema: { params: UserParams, body: BanBody } },
    ({ params: { id }, body }) => change(id, () => directory.setBanned(id, body.banned)),
  )
  app.post<UserRequest<RoleRequest>>(
    `${ADMIN_ROUTES.users}/:id/role`,
    { schema: { params: UserParams, body: RoleBody } },
    ({ params: { id }, body }) => change(id, () => directory.setRole(id, body.role)),
  )
}
