import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import { detach } from '../credentials/detach.ts'
import { AnswerError } from '../errors.ts'
import { endFamilies } from '../refresh/issue-pair.ts'
import { requireCsrf } from './csrf.ts'
import { CREDENTIAL_MEMBERS, sendRefreshToken } from './issue-login.ts'
import type { ModeParts } from './mode-parts.ts'
import { sendIssued } from './send-issued.ts'

const RefreshAnswer = Type.Object({
  id: Type.String(),
  mode: Type.String(),
  loginAt: Type.String(),
  ...CREDENTIAL_MEMBERS,
})

/**
 * The refresh token of a request: its cookie, or `refreshToken` of its JSON body in bearer modes. undefined: none.
 * @throws AnswerError invalidRequest for a body that is anything else.
 */
export function presentedRefreshToken(
  request: FastifyRequest,
  { scheme, refreshCookie }: ModeParts,
): string | undefined {
  if (scheme === 'cookie') return request.cookies[refreshCookie.name]
  const { body } = request
  if (body === undefined || body === null) return undefined
  const { refreshToken, ...others } = body as { refreshToken?: unknown }
  if (typeof refreshToken === 'string' && Object.keys(others).length === 0) return refreshToken
  throw new AnswerError('invalidRequest', {
    field: 'refreshToken',
    message: 'The body is {"refreshToken": "…"}.',
  })
}

/**
 * `POST /refresh`: a new credential for the login that the refresh token stands for, and in a store the next refresh
 * token. The directory is asked, so that a ban or a new password ends it in every mode. What the old credential keeps
 * goes over to the new one, and the old one dies where the mode can end one; of two refreshes at once the first does
 * that. The token is used up last of all, when the new credential is there: after a failure of ours it is still good.
 * 501 unless the renewal is by pair.
 */
export function refreshRoute(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, refresh, directory, cookie, scheme, config, clock, gates } = parts
  scope.post(ROUTES.refresh, { schema: { response: { 200: RefreshAnswer } } }, async (request, reply) => {
    if (refresh === undefined)
      throw new AnswerError('notInThisMode', { message: 'Here no login is renewed by a refresh token.' })
    if (scheme === 'cookie') requireCsrf(request)
    const token = presentedRefreshToken(request, parts)
    if (token === undefined) return refuse('absent')
    const grant = await refresh.look(token, clock.now())
    if (typeof grant === 'string') return refuse(grant)
    await gates?.pass('refresh-after-look')
    const entry = await directory.find(grant.userId)
    if (entry?.banned) throw new AnswerError('banned')
    const begun = await strategy.begin(grant.userId, config.lifetimeS)
    if (entry?.version !== grant.version || begun.epoch !== grant.epoch) return refuse('revoked')
    const verdict = await strategy.authenticate(request)
    const isSame = typeof verdict !== 'string' && verdict.id === entry.id
    const data = isSame ? await strategy.readData(request) : undefined
    detach(request)
    // Before the new one is made, so that a limit of one has room for it.
    if (isSame) await strategy.supersede(request)
    const remainingS = Math.max(1, Math.ceil((grant.deadlineMs - begun.nowMs) / 1000))
    const lifetimeS = Math.min(config.lifetimeS, remainingS)
    const context = { ...begun, lifetimeS, loginAtMs: grant.loginAtMs, family: grant.family, data }
    const issued = await strategy.issue({ id: entry.id, role: entry.role }, context)
    await endFamilies(refresh, entry.id, issued)
    await gates?.pass('refresh-before-redeem')
    const redeemed = await refresh.redeem(token, clock.now())
    if (typeof redeemed === 'string') {
      await strategy.withdraw?.(issued)
      return refuse(redeemed)
    }
    return reply.send({
      id: entry.id,
      mode: strategy.mode.name,
      loginAt: issued.loginAt,
      ...sendIssued(reply, issued, cookie),
      ...sendRefreshToken(reply, parts, redeemed.token, remainingS),
    })

    function refuse(reason: Parameters<typeof sendRefusal>[1]) {
      detach(request)
      return sendRefusal(reply, reason, scheme)
    }
  })
}
