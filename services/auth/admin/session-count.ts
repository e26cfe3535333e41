import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { SessionCountAnswer, SessionCountRequest } from '#contract/node-admin.ts'
import { USER_ID_PATTERN } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { AnswerError } from '../errors.ts'
import type { AdminParts } from './admin-parts.ts'
import { inChunks } from './in-chunks.ts'

const USERS_MAX = 10_000
const TOGETHER = 100

const CountBody = Type.Object(
  { userIds: Type.Array(Type.String({ pattern: USER_ID_PATTERN }), { maxItems: USERS_MAX }) },
  { additionalProperties: false },
)

/** `POST /sessions/count`: how many live sessions these users have, asked of the store user by user. */
export function sessionCountRoute(app: FastifyInstance, { modes }: AdminParts): void {
  app.post<{ Body: SessionCountRequest }>(
    ADMIN_ROUTES.sessionCount,
    { schema: { body: CountBody } },
    async ({ body: { userIds } }): Promise<SessionCountAnswer> => {
      const { listing, mode } = modes.current.strategy
      if (listing === undefined)
        throw new AnswerError('notInThisMode', { message: `In mode ${mode.name} nobody lists sessions.` })
      let sessions = 0
      const count = async (userId: string) => (await listing.list(userId)).length
      await inChunks(userIds, TOGETHER, count, (counts) => {
        for (const one of counts) sessions += one
      })
      return { mode: mode.name, sessions }
    },
  )
}
