import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { InboxAnswer } from '#contract/node-admin.ts'
import { USER_ID_PATTERN } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { AdminParts } from './admin-parts.ts'

const InboxParams = Type.Object({ id: Type.String({ pattern: USER_ID_PATTERN }) })

/** `GET /users/:id/inbox`: what this node sent a user by e-mail or SMS, the newest last. Nothing leaves the lab. */
export function inboxRoute(app: FastifyInstance, { inbox }: AdminParts): void {
  app.get<{ Params: { id: string } }>(
    `${ADMIN_ROUTES.users}/:id/inbox`,
    { schema: { params: InboxParams } },
    async (request): Promise<InboxAnswer> => ({ messages: inbox.read(request.params.id) }),
  )
}
