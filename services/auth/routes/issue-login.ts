import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { LoginContext } from '../credentials/credential-strategy.ts'
import type { CheckedUser } from '../directory/login-check.ts'
import { loginSpan } from '../login-span.ts'
import { issuePair } from '../refresh/issue-pair.ts'
import type { ModeParts } from './mode-parts.ts'
import { sendIssued } from './send-issued.ts'

/** What an answer's body holds of a new credential, where it is not a cookie. */
export const CREDENTIAL_MEMBERS = {
  accessToken: Type.Optional(Type.String()),
  expiresInS: Type.Optional(Type.Integer()),
  refreshToken: Type.Optional(Type.String()),
}

/** What was true before the password check began. */
export interface BegunLogin {
  readonly context: LoginContext
  readonly familyEpoch: number
}

/** Reads what a login must know before the password is checked: a revocation in between then voids this login too. */
export async function beginLogin(parts: ModeParts, userId: string): Promise<BegunLogin> {
  const { strategy, refresh, config, renewal } = parts
  const familyEpoch = (await refresh?.begin(userId)) ?? 0
  const span = loginSpan(config, renewal)
  return { context: { ...(await strategy.begin(userId, span.lifetimeS)), ...span }, familyEpoch }
}

/**
 * Makes a login's credential, and its refresh token where the renewal is by pair, and puts both on their way: cookies
 * into the headers, tokens into what is returned for the body.
 */
export async function issueLogin(
  reply: FastifyReply,
  parts: ModeParts,
  user: CheckedUser,
  { context, familyEpoch }: BegunLogin,
) {
  const { cookie, config } = parts
  const deadlineMs = context.nowMs + config.refreshS * 1000
  const { issued, refreshToken } = await issuePair(parts, user, context, { familyEpoch, deadlineMs })
  return {
    loginAt: issued.loginAt,
    ...sendIssued(reply, issued, cookie),
    ...(refreshToken === undefined ? {} : sendRefreshToken(reply, parts, refreshToken, config.refreshS)),
  }
}

/**
 * Ends the login whose place a new one has taken: what the request's cookies hold, or its bearer token. Nobody presents a
 * refresh token in the body of a login: in bearer modes the earlier one is good until its own end, or a logout with it.
 */
export async function supersedeLogin(
  request: FastifyRequest,
  { strategy, refresh, scheme, refreshCookie }: ModeParts,
): Promise<void> {
  const token = scheme === 'cookie' ? request.cookies[refreshCookie.name] : undefined
  // First what fetches new credentials, then the credential.
  if (token !== undefined) await refresh?.revoke(token)
  await strategy.supersede(request)
}

/** @param remainingS until the absolute end. */
export function sendRefreshToken(
  reply: FastifyReply,
  { scheme, refreshCookie }: ModeParts,
  token: string,
  remainingS: number,
): { refreshToken?: string } {
  if (scheme === 'bearer') return { refreshToken: token }
  reply.setCookie(refreshCookie.name, token, { ...refreshCookie.attributes, maxAge: remainingS })
  return {}
}
