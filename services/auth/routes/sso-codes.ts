import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import { rawCookie } from '../credentials/presented.ts'
import { AnswerError } from '../errors.ts'
import { LINKS } from '../one-time/one-time-store.ts'
import type { Shop } from '../sso/shop.ts'
import { requireCsrf } from './csrf.ts'
import type { ModeParts } from './mode-parts.ts'

const CODE_LIFETIME_MS = LINKS.handoff.lifetimeMs
const CODE_LIFETIME_S = CODE_LIFETIME_MS / 1000

const CodeBody = Type.Object(
  { origin: Type.String({ minLength: 1, maxLength: 256 }) },
  { additionalProperties: false },
)

/**
 * `POST /sso/codes {origin}`: 201 with a code that takes this login to one other service, good once and for a minute.
 * In bearer modes there is none: a token is presented to the other service as it is.
 */
export function ssoCodeRoute(scope: FastifyInstance, parts: ModeParts, shop: Shop): void {
  const { strategy, scheme, cookie, oneTime, directory, clock, seal } = parts
  scope.post<{ Body: { origin: string } }>(
    ROUTES.ssoCodes,
    { schema: { body: CodeBody } },
    async (request, reply) => {
      if (scheme === 'bearer')
        throw new AnswerError('notInThisMode', {
          message: 'In this mode the token itself is presented to the other service.',
        })
      requireCsrf(request)
      const verdict = await strategy.authenticate(request)
      if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
      if (request.body.origin !== shop.origin)
        throw new AnswerError('invalidRequest', {
          field: 'origin',
          message: 'No service of this origin is known here.',
        })
      const presented = rawCookie(request.raw, cookie.name)
      const owner = await directory.find(verdict.id)
      const once = owner && (await oneTime.newHandoff(owner))
      if (presented === undefined || once === undefined)
        throw new AnswerError('throttled', { retryAfterS: CODE_LIFETIME_S })
      const expiresAtMs = clock.now() + CODE_LIFETIME_MS
      const code = seal.seal('code', { cookie: presented, origin: shop.origin, expiresAtMs, once })
      return reply.code(201).send({ code, expiresInS: CODE_LIFETIME_S })
    },
  )
}
