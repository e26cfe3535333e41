import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import { AnswerError } from '../errors.ts'
import { CODE_LIFETIME_MS } from '../one-time/one-time-store.ts'
import { requireCsrf } from './csrf.ts'
import type { ModeParts } from './mode-parts.ts'

const CodeBody = Type.Object({ code: Type.String({ pattern: '^\\d{6}$' }) }, { additionalProperties: false })

/**
 * `POST /otp` sends a code to the phone of whoever is logged in (here: an inbox on the admin side); `POST /otp/verify
 * {code}` → 200 `{id, verified}` once, in the session that asked, within ten minutes and five tries. Wrong, expired,
 * used up and never asked for are refused alike. 501 where there is no session to bind a code to.
 */
export function otpRoutes(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, oneTime, inbox, scheme, clock } = parts

  /** User and session of the request, or undefined: then the refusal is sent. */
  async function bearer(request: FastifyRequest, reply: FastifyReply) {
    if (scheme === 'cookie') requireCsrf(request)
    const verdict = await strategy.authenticate(request)
    if (typeof verdict === 'string') {
      sendRefusal(reply, verdict, scheme)
      return undefined
    }
    const session = strategy.listing?.handleOf(request)
    if (session === undefined)
      throw new AnswerError('notInThisMode', {
        message: `In mode ${strategy.mode.name} there is no session that a code could be bound to.`,
      })
    return { userId: verdict.id, session }
  }

  scope.post(ROUTES.otp, async (request, reply) => {
    const who = await bearer(request, reply)
    if (who === undefined) return reply
    const code = await oneTime.newCode(who.userId, who.session)
    if (code === undefined) throw new AnswerError('throttled', { retryAfterS: CODE_LIFETIME_MS / 1000 })
    inbox.send(who.userId, { kind: 'code', secret: code, sentAt: new Date(clock.now()).toISOString() })
    return reply.code(202).send({ message: 'A code is on its way.' })
  })

  scope.post<{ Body: { code: string } }>(
    ROUTES.otpVerify,
    { schema: { body: CodeBody } },
    async (request, reply) => {
      const who = await bearer(request, reply)
      if (who === undefined) return reply
      if (!(await oneTime.verifyCode(who.userId, who.session, request.body.code)))
        throw new AnswerError('codeRefused')
      return { id: who.userId, verified: true }
    },
  )
}
