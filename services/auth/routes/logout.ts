import type { FastifyInstance } from 'fastify'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import type { RevocationScope } from '../credentials/credential-strategy.ts'
import { requireCsrf } from './csrf.ts'
import type { ModeParts } from './mode-parts.ts'

/**
 * `POST /logout` and `/logout/all`: 204 once the revocation took hold where the mode can revoke; elsewhere the
 * credential is good until it expires, as `x-revocation` says. The cookie goes only when the store has answered.
 */
export function logoutRoutes(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, gates, cookie, scheme } = parts
  const route = (path: string, reach: RevocationScope) =>
    scope.post(path, async (request, reply) => {
      if (scheme === 'cookie') requireCsrf(request)
      const verdict = await strategy.authenticate(request)
      if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
      await gates?.pass('logout-before-revoke')
      await strategy.revoke(request, reach)
      if (scheme === 'cookie') reply.clearCookie(cookie.name, cookie.attributes)
      return reply.code(204).send()
    })
  route(ROUTES.logout, 'this')
  route(ROUTES.logoutAll, 'everything')
}
