import { createHash, timingSafeEqual } from 'node:crypto'
import fastifyCookie from '@fastify/cookie'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { HEADERS } from '#contract/headers.ts'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import { AnswerError } from '../errors.ts'
import { idleCounts } from '../login-span.ts'
import type { Shop } from '../sso/shop.ts'
import { MeAnswer, RefusalAnswer } from './me-answer.ts'
import type { ModeParts } from './mode-parts.ts'

const RedeemBody = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: 8192 }) },
  { additionalProperties: false },
)

/**
 * What another service asks, service to service, with its secret as the bearer token. `POST /sso/redeem {code}`: 200
 * with a grant. `GET /sso/me` with the grant: who that login is, checked exactly as if its own cookie had come, so that
 * a logout ends it as it ends the login. A grant is good for asking and for nothing else.
 */
export function ssoAskRoutes(parts: ModeParts, shop: Shop): FastifyPluginAsync {
  const { scheme, strategy, config, cookie, renewal, clock, seal, oneTime } = parts
  const grantLifetimeMs = Math.max(config.lifetimeS, config.refreshS) * 1000
  const expected = () => ({ origin: shop.origin, nowMs: clock.now() })

  return async (scope) => {
    scope.addHook('onRequest', async (request) => requireSecret(request, shop))
    scope.post<{ Body: { code: string } }>(
      ROUTES.ssoRedeem,
      { schema: { body: RedeemBody } },
      async (request) => {
        const handoff = seal.open('code', request.body.code, expected())
        // Taken by the write: of any number of uses one gets it.
        if (handoff?.once === undefined || !(await oneTime.claimHandoff(handoff.once)))
          throw new AnswerError('codeRefused')
        const expiresAtMs = clock.now() + grantLifetimeMs
        const grant = seal.seal('grant', { cookie: handoff.cookie, origin: shop.origin, expiresAtMs })
        return { grant, expiresInS: Math.floor(grantLifetimeMs / 1000) }
      },
    )
    scope.register(async (inner) => {
      // Before the cookies are parsed: from here on the request is what the user's own would have been.
      inner.addHook('onRequest', async (request, reply) => {
        const grant = seal.open('grant', String(request.headers[HEADERS.grant] ?? ''), expected())
        if (grant === undefined) return sendRefusal(reply, 'malformed', scheme)
        request.raw.headers.cookie = `${cookie.name}=${grant.cookie}`
        delete request.raw.headers.authorization
      })
      if (scheme === 'cookie') await inner.register(fastifyCookie)
      inner.register(async (checked: FastifyInstance) => {
        checked.decorateRequest('accepted', null)
        await strategy.register(checked, idleCounts(config, renewal))
        checked.get(
          ROUTES.ssoMe,
          { schema: { response: { 200: MeAnswer, 401: RefusalAnswer } } },
          async (request, reply) => {
            const verdict = await strategy.authenticate(request)
            if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
            const { id, role, loginAt } = verdict
            return { id, role, loginAt, mode: strategy.mode.name, node: config.nodeId }
          },
        )
      })
    })
  }
}

/** @throws AnswerError serviceUnauthorized. Hashed first, so that the comparison takes one time for any length. */
function requireSecret(request: FastifyRequest, { secret }: Shop): void {
  const presented = /^Bearer +([^ ]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const hash = (text: string) => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(hash(presented), hash(secret))) throw new AnswerError('serviceUnauthorized')
}
