import type { FastifyInstance } from 'fastify'
import { REFRESH_HOMES, RENEWALS, type RenewalSetting } from '#contract/renewal.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Control } from '../control.ts'
import { answerError } from './answer-error.ts'

const RENEWAL_BODY = {
  type: 'object',
  properties: { renewal: { enum: RENEWALS }, refresh: { enum: REFRESH_HOMES } },
  required: ['renewal'],
  additionalProperties: false,
} as const

/** `PUT /renewal {renewal, refresh?}` → the setting; 502 where a node that runs did not confirm it. */
export function renewalRoutes(server: FastifyInstance, control: Control): void {
  server.put<{ Body: RenewalSetting }>(
    ADMIN_ROUTES.renewal,
    { schema: { body: RENEWAL_BODY } },
    async (request, reply) => {
      const outcome = await control.renewBy(request.body)
      if ('status' in outcome) return answerError(reply, outcome.status, 'renewal_not_set', outcome.message)
      if (outcome.late.length === 0) return outcome.setting
      return answerError(
        reply,
        502,
        'renewal_not_confirmed',
        `set, but not confirmed by ${outcome.late.join(', ')}`,
      )
    },
  )
}
