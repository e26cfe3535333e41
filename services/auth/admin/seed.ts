import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Credential, SeedAnswer, SeedRequest } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Issued } from '../credentials/credential-strategy.ts'
import { refreshCookie } from '../credentials/session-cookie.ts'
import type { CheckedUser } from '../directory/login-check.ts'
import { AnswerError } from '../errors.ts'
import { loginSpan } from '../login-span.ts'
import { USER_ID_PATTERN } from '../sessions/session-id.ts'
import type { AdminParts } from './admin-parts.ts'

const SEED_MAX = 10_000
/** Issued together; then other requests get their turn. */
const CHUNK = 100
/** A store that writes each login to disk has no time for more at once. */
const CHUNK_INSTEAD = 10

const SeedBody = Type.Object(
  {
    userIds: Type.Array(Type.String({ pattern: USER_ID_PATTERN }), { maxItems: SEED_MAX }),
    lifetimeS: Type.Optional(Type.Integer({ minimum: 1 })),
    data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    answer: Type.Optional(Type.Enum(['credentials', 'none'])),
  },
  { additionalProperties: false },
)

/** `POST /sessions`: logins for load, issued as any login is, without the password check; by pair with a refresh token. */
export function seedRoute(app: FastifyInstance, { config, logins, modes, cookie }: AdminParts): void {
  app.post<{ Body: SeedRequest }>(
    ADMIN_ROUTES.sessions,
    { schema: { body: SeedBody } },
    async (request): Promise<SeedAnswer> => {
      const { strategy, refresh, renewal } = modes.current
      const span = loginSpan(config, renewal.renewal)
      const { userIds, lifetimeS = span.lifetimeS, data, answer = 'credentials' } = request.body
      if (lifetimeS > span.lifetimeS) throw new AnswerError('lifetimeTooLong', { field: 'lifetimeS' })
      const issue = async (user: CheckedUser): Promise<Credential> => {
        const familyEpoch = (await refresh?.begin(user.id)) ?? 0
        const context = { ...(await strategy.begin(user.id, lifetimeS)), ...span, lifetimeS, data }
        const issued = await strategy.issue(user, context)
        const { nowMs: loginAtMs, epoch } = context
        const deadlineMs = loginAtMs + (request.body.lifetimeS ?? config.refreshS) * 1000
        const { id: userId, version } = user
        const token = await refresh?.issue({ userId, loginAtMs, deadlineMs, version, epoch, familyEpoch })
        return { userId, ...presentation(issued, token, cookie.name, refreshCookie(config.tls).name) }
      }
      const users = userIds.map((id) => logins.find(id) ?? refuse(id))
      const credentials: Credential[] = []
      const size = config.storeInstead === undefined ? CHUNK : CHUNK_INSTEAD
      for (let start = 0; start < users.length; start += size) {
        const chunk = users.slice(start, start + size)
        const issued = await Promise.all(chunk.map(issue))
        if (answer === 'credentials') for (const credential of issued) credentials.push(credential)
        await nextTurn()
      }
      return { mode: strategy.mode.name, credentials }
    },
  )
}

/** What a client of this login sends: both tokens as cookies, or neither. */
function presentation(
  issued: Issued,
  refreshToken: string | undefined,
  session: string,
  refresh: string,
): Pick<Credential, 'headers' | 'refreshToken'> {
  if (issued.kind === 'token') {
    const headers = { authorization: `Bearer ${issued.value}` }
    return refreshToken === undefined ? { headers } : { headers, refreshToken }
  }
  const own = `${session}=${issued.value}`
  return { headers: { cookie: refreshToken === undefined ? own : `${own}; ${refresh}=${refreshToken}` } }
}

function refuse(id: string): never {
  throw new AnswerError('unknownUser', {
    message: `The user directory does not know "${id}".`,
    field: 'userIds',
  })
}
