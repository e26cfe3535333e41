import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Credential, SeedAnswer, SeedRequest } from '#contract/node-admin.ts'
import { USER_ID_PATTERN } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Issued } from '../credentials/credential-strategy.ts'
import { refreshCookie } from '../credentials/session-cookie.ts'
import type { CheckedUser } from '../directory/login-check.ts'
import { AnswerError } from '../errors.ts'
import { loginSpan } from '../login-span.ts'
import { issuePair } from '../refresh/issue-pair.ts'
import type { AdminParts } from './admin-parts.ts'
import { inChunks } from './in-chunks.ts'
import { whenFresh } from './when-fresh.ts'

const SEED_MAX = 10_000
/** Issued together. */
const CHUNK = 100
/** A store that writes each login to disk has no time for more at once. */
const CHUNK_INSTEAD = 10
/** Logins that are only kept cost less each; together they must not fill the queues between nodes that replicate. */
const FILL_CHUNK = 1_000

const SeedBody = Type.Object(
  {
    userIds: Type.Array(Type.String({ pattern: USER_ID_PATTERN }), { maxItems: SEED_MAX }),
    each: Type.Optional(Type.Integer({ minimum: 1, maximum: SEED_MAX })),
    lifetimeS: Type.Optional(Type.Integer({ minimum: 1 })),
    data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    answer: Type.Optional(Type.Enum(['credentials', 'none'])),
  },
  { additionalProperties: false },
)

/**
 * `POST /sessions`: logins for load, issued as any login is, without the password check; by pair with a refresh token.
 * Where no credentials are wanted, `each` user gets many at once.
 */
export function seedRoute(app: FastifyInstance, { config, logins, modes, cookie }: AdminParts): void {
  app.post<{ Body: SeedRequest }>(
    ADMIN_ROUTES.sessions,
    { schema: { body: SeedBody } },
    async (request): Promise<SeedAnswer> => {
      const { strategy, refresh, renewal } = modes.current
      const span = loginSpan(config, renewal.renewal)
      const { userIds, each = 1, lifetimeS = span.lifetimeS, data, answer = 'credentials' } = request.body
      if (lifetimeS > span.lifetimeS) throw new AnswerError('lifetimeTooLong', { field: 'lifetimeS' })
      demandBounded(each, userIds.length, answer)
      const found = await logins.findAll(userIds)
      const users = userIds.map((id, place) => found[place] ?? refuse(id))
      const chunk = config.storeInstead === undefined ? CHUNK : CHUNK_INSTEAD
      // With a refresh token a login leaves more than its session: then each is issued whole.
      if (answer === 'none' && strategy.fill && refresh === undefined) {
        const together = config.storeInstead === undefined ? Math.ceil(FILL_CHUNK / each) : CHUNK_INSTEAD
        await inChunks(users, together, async (user) => {
          const begun = await whenFresh(() => strategy.begin(user.id, lifetimeS))
          await strategy.fill?.(user, each, { ...begun, ...span, lifetimeS, data })
        })
        return { mode: strategy.mode.name, credentials: [] }
      }
      const issue = async (user: CheckedUser): Promise<Credential> => {
        const familyEpoch = (await refresh?.begin(user.id)) ?? 0
        const context = { ...(await strategy.begin(user.id, lifetimeS)), ...span, lifetimeS, data }
        const deadlineMs = context.nowMs + (request.body.lifetimeS ?? config.refreshS) * 1000
        const end = { familyEpoch, deadlineMs }
        const { issued, refreshToken } = await issuePair({ strategy, refresh }, user, context, end)
        const names = [cookie.name, refreshCookie(config.tls).name] as const
        return { userId: user.id, ...presentation(issued, refreshToken, ...names) }
      }
      const all = users.flatMap((user) => Array.from({ length: each }, () => user))
      const credentials: Credential[] = []
      await inChunks(all, chunk, issue, (issued) => {
        if (answer === 'credentials') for (const credential of issued) credentials.push(credential)
      })
      return { mode: strategy.mode.name, credentials }
    },
  )
}

function demandBounded(each: number, users: number, answer: 'credentials' | 'none'): void {
  const message =
    each > 1 && answer !== 'none'
      ? 'More than one login of each user is made only with "answer": "none".'
      : `At most ${SEED_MAX} logins are made by one request, not ${each} of ${users} users each.`
  if ((each > 1 && answer !== 'none') || each * users > SEED_MAX)
    throw new AnswerError('invalidRequest', { message, field: 'each' })
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
