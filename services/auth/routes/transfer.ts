import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import { requireCsrf } from './csrf.ts'
import type { ModeParts } from './mode-parts.ts'

const TransferBody = Type.Object(
  {
    amount: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
  },
  { additionalProperties: false },
)

const TransferAnswer = Type.Object({
  id: Type.String(),
  amount: Type.Integer(),
  mode: Type.String(),
  node: Type.String(),
})

/**
 * `POST /transfer {amount, password}`: what matters more than a lookup. It wants the password again, and then, last of
 * all, the strictest check that the mode has: a logout that came while the password was checked still stops it.
 * Nothing is moved: the lab has no money.
 */
export function transferRoute(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, logins, gates, scheme, config } = parts
  scope.post<{ Body: Static<typeof TransferBody> }>(
    ROUTES.transfer,
    { schema: { body: TransferBody, response: { 200: TransferAnswer } } },
    async (request, reply) => {
      if (scheme === 'cookie') requireCsrf(request)
      const verdict = await strategy.authenticate(request)
      if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
      const { amount, password } = request.body
      await logins.check(verdict.id, password, request.ip)
      await gates?.pass('transfer-before-confirm')
      const confirmed = (await strategy.confirm?.(request)) ?? verdict
      if (typeof confirmed === 'string') return sendRefusal(reply, confirmed, scheme)
      return reply.send({ id: confirmed.id, amount, mode: strategy.mode.name, node: config.nodeId })
    },
  )
}
