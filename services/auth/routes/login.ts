import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { requireCsrfToReplace } from './csrf.ts'
import { beginLogin, CREDENTIAL_MEMBERS, issueLogin, supersedeLogin } from './issue-login.ts'
import type { ModeParts } from './mode-parts.ts'

const LoginBody = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 128 }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
  },
  { additionalProperties: false },
)

/** What every login is answered with, however it was proved. */
export const LoginAnswer = Type.Object({
  mode: Type.String(),
  user: Type.Object({ id: Type.String(), role: Type.String() }),
  loginAt: Type.String(),
  ...CREDENTIAL_MEMBERS,
})

/** Whose epoch is read for a name that nobody has: as long as for a real one, and nothing is kept for the name. */
export const NOBODY = 'nobody'

/**
 * `POST /login`. Exempt from the CSRF header while the request carries no session cookie and no refresh cookie: the
 * body is JSON, which no page of another site can send without a preflight that nothing here grants. With one of them it
 * also ends that login, so then the header is asked for.
 */
export function loginRoute(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, logins, gates } = parts
  scope.post<{ Body: Static<typeof LoginBody> }>(
    ROUTES.login,
    { schema: { body: LoginBody, response: { 200: LoginAnswer } } },
    async (request, reply) => {
      const { username, password } = request.body
      requireCsrfToReplace(request, parts)
      // The epoch is read before the password is checked: a "log out everywhere" in between voids this login too.
      const begun = await beginLogin(parts, (await logins.find(username))?.id ?? NOBODY)
      const user = await logins.check(username, password, request.ip)
      await gates?.pass('login-after-check')
      await logins.confirm(user)
      await gates?.pass('login-before-issue')
      const credential = await issueLogin(reply, parts, user, begun)
      await supersedeLogin(request, parts)
      return reply.send({
        mode: strategy.mode.name,
        user: { id: user.id, role: user.role },
        ...credential,
      })
    },
  )
}
