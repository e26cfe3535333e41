import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { RenewalSetting } from '#contract/renewal.ts'
import { REFRESH_HOMES, RENEWALS } from '#contract/renewal.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { AdminParts } from './admin-parts.ts'

const RenewalBody = Type.Object(
  { renewal: Type.Enum([...RENEWALS]), refresh: Type.Optional(Type.Enum([...REFRESH_HOMES])) },
  { additionalProperties: false },
)

/**
 * `PUT /renewal`: how logins that begin from now on are made to last, in this node's every mode; control tells it again
 * when it has started again. So ways of renewal can be compared in one cluster. Requests under way end as they began.
 */
export function renewalRoute(app: FastifyInstance, { modes }: AdminParts): void {
  app.put<{ Body: RenewalSetting }>(
    ADMIN_ROUTES.renewal,
    { schema: { body: RenewalBody } },
    async (request): Promise<RenewalSetting> => {
      await modes.renewBy(request.body)
      return modes.current.renewal
    },
  )
}
