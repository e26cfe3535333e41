import type { FastifyReply } from 'fastify'
import type { Issued } from '../credentials/credential-strategy.ts'
import type { SessionCookie } from '../credentials/session-cookie.ts'

/** Puts a new credential on its way: a cookie into the headers, a token into what is returned for the body. */
export function sendIssued(
  reply: FastifyReply,
  issued: Issued,
  cookie: SessionCookie,
): { accessToken?: string; expiresInS?: number } {
  if (issued.kind === 'token') return { accessToken: issued.value, expiresInS: issued.expiresInS }
  reply.setCookie(cookie.name, issued.value, { ...cookie.attributes, maxAge: issued.maxAgeS })
  return {}
}
