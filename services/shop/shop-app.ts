import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { HEADERS } from '#contract/headers.ts'
import {
  KEYS_COOLDOWN_MS,
  SERVED_BY_SHOP,
  SHOP_COOKIE,
  SHOP_ROUTES,
  type ShopKeysAnswer,
  type ShopMeAnswer,
  type ShopRefusal,
} from '#contract/shop.ts'
import { answerErrors, sendError } from '../auth/answers.ts'
import { rawCookie } from '../auth/credentials/presented.ts'
import { AnswerError } from '../auth/errors.ts'
import { validateRequests } from '../auth/request-schema.ts'
import { requireCsrf } from '../auth/routes/csrf.ts'
import { answerUnreadable } from '../auth/unreadable-request.ts'
import { type Checked, type CheckParts, checkLogin } from './check-login.ts'

const BODY_MAX_BYTES = 16_384
const RETRY_AFTER_S = Math.ceil(KEYS_COOLDOWN_MS / 1000)
const COOKIE_ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax'

const SessionBody = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: 8192 }) },
  { additionalProperties: false },
)

/** The shop: it sells nothing and says who is there. It does not listen. */
export function createShopApp(parts: CheckParts): FastifyInstance {
  const { keys, sessions, auth } = parts
  const app = fastify({
    bodyLimit: BODY_MAX_BYTES,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (_error, request, reply) => {
      sendError(reply as FastifyReply, new AnswerError('invalidRequest'), request as FastifyRequest)
    },
  })
  app.removeContentTypeParser('text/plain')
  validateRequests(app)
  answerErrors(app)
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ [HEADERS.servedBy]: SERVED_BY_SHOP, 'cache-control': 'no-store' })
  })
  app.get(SHOP_ROUTES.livez, async () => ({ ok: true }))
  app.get(SHOP_ROUTES.keys, async (): Promise<ShopKeysAnswer> => ({ kids: keys.kids, fetches: keys.fetches }))
  app.get(SHOP_ROUTES.me, async (request, reply) => answer(reply, await checkLogin(request.raw, parts)))
  // The body is JSON, which no page of another site can send: nobody is logged in here as somebody else.
  app.post<{ Body: { code: string } }>(
    SHOP_ROUTES.session,
    { schema: { body: SessionBody } },
    async (request, reply) => {
      const redeemed = await auth.redeem(request.body.code)
      if (redeemed === 'refused') throw new AnswerError('codeRefused')
      if (redeemed === 'unavailable') return unavailable(reply, 'auth_unavailable')
      const id = sessions.begin(redeemed.grant, redeemed.expiresInS)
      const cookie = `${SHOP_COOKIE}=${id}; Max-Age=${redeemed.expiresInS}; ${COOKIE_ATTRIBUTES}`
      return reply.code(204).header('set-cookie', cookie).send()
    },
  )
  app.delete(SHOP_ROUTES.session, async (request, reply) => {
    requireCsrf(request)
    const id = rawCookie(request.raw, SHOP_COOKIE)
    if (id !== undefined) sessions.end(id)
    return reply.code(204).header('set-cookie', `${SHOP_COOKIE}=; Max-Age=0; ${COOKIE_ATTRIBUTES}`).send()
  })
  return app
}

function answer(reply: FastifyReply, { check, verdict }: Checked): FastifyReply {
  reply.header(HEADERS.check, check)
  if (verdict === 'unavailable') return unavailable(reply, 'auth_unavailable')
  if (verdict === 'cooling-down') return unavailable(reply, 'keys_cooling_down')
  if (typeof verdict === 'string')
    return reply.code(401).send({ error: 'unauthorized', reason: verdict } satisfies ShopRefusal)
  const { id, role, loginAt } = verdict
  return reply.send({ id, role, loginAt, check } satisfies ShopMeAnswer)
}

/** The shop cannot tell: never a 401 for that, and nobody is let in. */
function unavailable(reply: FastifyReply, reason: 'auth_unavailable' | 'keys_cooling_down'): FastifyReply {
  reply.header('retry-after', String(RETRY_AFTER_S))
  return reply.code(503).send({ error: 'unavailable', reason } satisfies ShopRefusal)
}
