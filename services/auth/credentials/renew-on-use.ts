import type { FastifyInstance } from 'fastify'
import { HEADERS } from '#contract/headers.ts'
import type { CredentialStrategy } from './credential-strategy.ts'
import type { SessionCookie } from './session-cookie.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the client's credential said when it was accepted; null once it is revoked or about to be replaced. */
    accepted: object | null
  }
}

/**
 * Rolling renewal where the client carries its login's end: every success hands out the next credential, as a cookie or
 * in the header `x-access-token` (answers are `no-store`). A refusal and a logout hand out nothing. Whoever holds a copy
 * is served alike: unless somebody is asked what was revoked, a copy can be renewed until the login's absolute end.
 */
export function renewOnUse(
  scope: FastifyInstance,
  strategy: CredentialStrategy,
  cookie: SessionCookie,
  idleS: number,
): void {
  scope.addHook('onSend', async (request, reply) => {
    if (request.accepted === null || reply.statusCode >= 300) return
    const issued = await strategy.renew?.(request, idleS)
    if (issued?.kind === 'token') reply.header(HEADERS.accessToken, issued.value)
    else if (issued)
      reply.setCookie(cookie.name, issued.value, { ...cookie.attributes, maxAge: issued.maxAgeS })
  })
}
