import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { AnswerError } from '../errors.ts'
import { requireCsrfToReplace } from './csrf.ts'
import { beginLogin, issueLogin, supersedeLogin } from './issue-login.ts'
import { LoginAnswer, NOBODY } from './login.ts'
import type { ModeParts } from './mode-parts.ts'

const LinkBody = Type.Object(
  { username: Type.String({ minLength: 1, maxLength: 128 }) },
  { additionalProperties: false },
)
const ClaimBody = Type.Object(
  { token: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) },
  { additionalProperties: false },
)

/**
 * `POST /links {username}` sends a link that logs in once, to whoever has that name: 202, whether anybody has. `POST
 * /links/claim {token}` is that login, answered as any; the write that takes the link decides who gets it, and it is
 * void once the account has changed. `GET /links/claim` only says so: mail scanners and previews open every link.
 */
export function linkRoutes(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, oneTime, inbox, directory, logins, clock } = parts
  scope.post<{ Body: { username: string } }>(
    ROUTES.links,
    { schema: { body: LinkBody } },
    async (request, reply) => {
      const entry = await directory.find(request.body.username)
      if (entry !== undefined && !entry.banned) {
        const token = await oneTime.newLink(entry)
        const sentAt = new Date(clock.now()).toISOString()
        if (token !== undefined) inbox.send(entry.id, { kind: 'link', secret: token, sentAt })
      }
      return reply.code(202).send({ message: 'If somebody has this name, a link is on its way.' })
    },
  )
  scope.get(ROUTES.linksClaim, async () => ({
    claimed: false,
    message: 'Opening a link changes nothing; it is claimed by POST /links/claim {"token"}.',
  }))
  scope.post<{ Body: { token: string } }>(
    ROUTES.linksClaim,
    { schema: { body: ClaimBody, response: { 200: LoginAnswer } } },
    async (request, reply) => {
      requireCsrfToReplace(request, parts)
      // A store that is away says so here, while the link has not been used.
      await beginLogin(parts, NOBODY)
      const owner = await oneTime.claimLink(request.body.token)
      if (owner === undefined) throw new AnswerError('linkRefused')
      const begun = await beginLogin(parts, owner.id)
      const user = { ...owner, role: (await directory.find(owner.id))?.role ?? '' }
      await logins.confirm(user)
      const credential = await issueLogin(reply, parts, user, begun)
      if (parts.scheme === 'cookie') await supersedeLogin(request, parts)
      return reply.send({
        mode: strategy.mode.name,
        user: { id: user.id, role: user.role },
        ...credential,
      })
    },
  )
}
