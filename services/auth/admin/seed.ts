import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Credential, SeedAnswer, SeedRequest } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { CredentialStrategy, Issued, User } from '../credentials/credential-strategy.ts'
import { AnswerError } from '../errors.ts'
import type { LoginSpan } from '../login-span.ts'
import { loginSpan } from '../login-span.ts'
import { USER_ID_PATTERN } from '../sessions/session-id.ts'
import type { AdminParts } from './admin-parts.ts'

const SEED_MAX = 10_000
/** Issued together; then other requests get their turn. */
const CHUNK = 200

const SeedBody = Type.Object(
  {
    userIds: Type.Array(Type.String({ pattern: USER_ID_PATTERN }), { maxItems: SEED_MAX }),
    lifetimeS: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
)

/** `POST /sessions`: logins for load, issued as any login is, without the password check. */
export function seedRoute(app: FastifyInstance, { config, logins, modes, cookie }: AdminParts): void {
  app.post<{ Body: SeedRequest }>(
    ADMIN_ROUTES.sessions,
    { schema: { body: SeedBody } },
    async (request): Promise<SeedAnswer> => {
      const span = loginSpan(config, config.renewal)
      const { userIds, lifetimeS = span.lifetimeS } = request.body
      if (lifetimeS > span.lifetimeS) throw new AnswerError('lifetimeTooLong', { field: 'lifetimeS' })
      const { strategy } = modes.current
      const users = userIds.map((id) => logins.find(id) ?? refuse(id))
      const credentials: Credential[] = []
      for (let start = 0; start < users.length; start += CHUNK) {
        const chunk = users.slice(start, start + CHUNK)
        const issued = await Promise.all(chunk.map((user) => issue(strategy, user, { ...span, lifetimeS })))
        for (const [index, user] of chunk.entries()) {
          const one = issued[index]
          if (one !== undefined)
            credentials.push({ userId: user.id, headers: presentation(one, cookie.name) })
        }
        await nextTurn()
      }
      return { mode: strategy.mode.name, credentials }
    },
  )
}

async function issue(strategy: CredentialStrategy, user: User, span: LoginSpan): Promise<Issued> {
  return strategy.issue(user, { ...(await strategy.begin(user.id, span.lifetimeS)), ...span })
}

/** The request header that a client of this login sends. */
function presentation(issued: Issued, cookieName: string): Record<string, string> {
  return issued.kind === 'token'
    ? { authorization: `Bearer ${issued.value}` }
    : { cookie: `${cookieName}=${issued.value}` }
}

function refuse(id: string): never {
  throw new AnswerError('unknownUser', {
    message: `The user directory does not know "${id}".`,
    field: 'userIds',
  })
}
