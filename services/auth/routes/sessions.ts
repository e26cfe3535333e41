import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import type { LoginListing } from '../credentials/credential-strategy.ts'
import { AnswerError } from '../errors.ts'
import { requireCsrf } from './csrf.ts'
import type { ModeParts } from './mode-parts.ts'

const HandleParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) })
const SessionsAnswer = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      loginAt: Type.String(),
      expiresAt: Type.String(),
      current: Type.Boolean(),
    }),
  ),
})

/**
 * `GET /sessions`: the user's own logins by handles that open nothing, the newest first, at most 100 (in a mode of node
 * memory: those in this node's). `DELETE /sessions/:id` ends one of them: 204, or 404 where the user has none of that
 * handle. A refresh token that is kept in a store ends with the session. 501 in modes that keep no list.
 */
export function sessionRoutes(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, refresh, cookie, refreshCookie, scheme } = parts
  scope.get(ROUTES.sessions, { schema: { response: { 200: SessionsAnswer } } }, async (request, reply) => {
    const verdict = await strategy.authenticate(request)
    if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
    const listing = listed(parts)
    const own = listing.handleOf(request)
    const sessions = (await listing.list(verdict.id)).map(({ handle, loginAt, deadlineMs }) => ({
      id: handle,
      loginAt,
      expiresAt: new Date(deadlineMs).toISOString(),
      current: handle === own,
    }))
    return { sessions }
  })
  scope.delete<{ Params: { id: string } }>(
    `${ROUTES.sessions}/:id`,
    { schema: { params: HandleParams } },
    async (request, reply) => {
      if (scheme === 'cookie') requireCsrf(request)
      const verdict = await strategy.authenticate(request)
      if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
      const listing = listed(parts)
      const { id: handle } = request.params
      const isOwn = listing.handleOf(request) === handle
      // First what fetches new credentials, then the credential.
      const family = refresh && (await listing.familyOf(verdict.id, handle))
      if (family !== undefined) await refresh?.endFamily(verdict.id, family)
      const ended = await listing.end(verdict.id, handle)
      if (ended === 'unknown')
        throw new AnswerError('notFound', { message: 'You have no such login; it may have ended.' })
      const own = isOwn && scheme === 'cookie' ? [cookie, ...(refresh ? [refreshCookie] : [])] : []
      for (const { name, attributes } of own) reply.clearCookie(name, attributes)
      return reply.code(204).send()
    },
  )
}

function listed({ strategy }: ModeParts): LoginListing {
  if (strategy.listing !== undefined) return strategy.listing
  throw new AnswerError('notInThisMode', {
    message: `In mode ${strategy.mode.name} nobody keeps a list of logins; each ends at its expiry or as x-revocation says.`,
  })
}
