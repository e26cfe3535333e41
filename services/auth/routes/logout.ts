import type { FastifyInstance } from 'fastify'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import type { RevocationScope } from '../credentials/credential-strategy.ts'
import { requireCsrf } from './csrf.ts'
import { endElsewhere } from './end-elsewhere.ts'
import type { ModeParts } from './mode-parts.ts'
import { presentedRefreshToken } from './refresh.ts'

/**
 * `POST /logout` and `/logout/all`: 204 once the revocation took hold where the mode can revoke; elsewhere the
 * credential is good until it expires, as `x-revocation` says. A refresh token goes with it: its cookie, or
 * `{"refreshToken"}` as the body in bearer modes; it goes also where the credential is over, which is answered by a 401
 * all the same. Cookies go only when the store has answered. `/logout/all` also ends what other modes keep of the user,
 * of which the answer says nothing (see endElsewhere).
 */
export function logoutRoutes(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, refresh, gates, cookie, refreshCookie, scheme } = parts
  const route = (path: string, reach: RevocationScope) =>
    scope.post(path, async (request, reply) => {
      if (scheme === 'cookie') requireCsrf(request)
      // First what fetches new credentials, then the credential: that it is over is no reason to let the other live.
      const token = refresh && presentedRefreshToken(request, parts)
      if (token !== undefined) await refresh?.revoke(token)
      if (scheme === 'cookie' && token !== undefined)
        reply.clearCookie(refreshCookie.name, refreshCookie.attributes)
      const verdict = await strategy.authenticate(request)
      if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
      await gates?.pass('logout-before-revoke')
      const elsewhere = reach === 'everything' ? endElsewhere(request, parts, verdict.id) : undefined
      if (reach === 'everything') await refresh?.revokeUser(verdict.id)
      await strategy.revoke(request, reach)
      await elsewhere
      if (scheme === 'cookie') reply.clearCookie(cookie.name, cookie.attributes)
      return reply.code(204).send()
    })
  route(ROUTES.logout, 'this')
  route(ROUTES.logoutAll, 'everything')
}
