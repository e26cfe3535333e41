import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import { detach } from '../credentials/detach.ts'
import { hashNewPassword } from '../directory/password.ts'
import { AnswerError } from '../errors.ts'
import { requireCsrf } from './csrf.ts'
import { endElsewhere } from './end-elsewhere.ts'
import { beginLogin, CREDENTIAL_MEMBERS, issueLogin, supersedeLogin } from './issue-login.ts'
import type { ModeParts } from './mode-parts.ts'

const PasswordBody = Type.Object(
  {
    current: Type.String({ minLength: 1, maxLength: 1024 }),
    next: Type.String({ minLength: 8, maxLength: 1024 }),
  },
  { additionalProperties: false },
)

const PasswordAnswer = Type.Object({
  id: Type.String(),
  mode: Type.String(),
  revokes: Type.String(),
  ...CREDENTIAL_MEMBERS,
})

/**
 * `POST /password {current, next}`: from here on only the new password logs in, in every mode; every login of the user
 * is void where the mode can (`revokes` says when, for the mode that answers; of others see endElsewhere), and the one that
 * asked goes on under a new credential.
 */
export function passwordRoute(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, logins, directory, refresh, gates, scheme } = parts
  scope.post<{ Body: Static<typeof PasswordBody> }>(
    ROUTES.password,
    { schema: { body: PasswordBody, response: { 200: PasswordAnswer } } },
    async (request, reply) => {
      if (scheme === 'cookie') requireCsrf(request)
      const verdict = await strategy.authenticate(request)
      if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
      const user = await logins.check(verdict.id, request.body.current, request.ip)
      const passwordHash = await hashNewPassword(request.body.next)
      // A store that is away says so here, while nothing has been changed.
      await beginLogin(parts, user.id)
      await gates?.pass('password-before-save')
      if (!(await directory.setPassword(user.id, passwordHash, user.version)))
        throw new AnswerError('accountChanged')
      const elsewhere = endElsewhere(request, parts, user.id)
      await refresh?.revokeUser(user.id)
      await strategy.revokeUser(user.id)
      // Before the new login begins: some modes keep a user's epoch in one place.
      await elsewhere
      const renewed = { ...user, version: user.version + 1 }
      const credential = await issueLogin(reply, parts, renewed, await beginLogin(parts, user.id))
      detach(request)
      await supersedeLogin(request, parts)
      const { name, revokes } = strategy.mode
      return reply.send({
        id: user.id,
        mode: name,
        revokes: revokes.user,
        ...credential,
      })
    },
  )
}
