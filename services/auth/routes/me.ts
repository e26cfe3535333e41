import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import type { JsonObject } from '../credentials/credential-strategy.ts'
import { AnswerError } from '../errors.ts'
import { requireCsrf } from './csrf.ts'
import { MeAnswer, RefusalAnswer } from './me-answer.ts'
import type { ModeParts } from './mode-parts.ts'
import { sendIssued } from './send-issued.ts'

const Data = Type.Object({}, { additionalProperties: true })
const DataAnswer = Type.Object({ data: Data })
const WriteAnswer = Type.Object({
  id: Type.String(),
  mode: Type.String(),
  node: Type.String(),
  accessToken: Type.Optional(Type.String()),
  expiresInS: Type.Optional(Type.Integer()),
})

/** `GET /me`: who the credential says this is. The path that is measured. */
export function lookupRoute(scope: FastifyInstance, { strategy, gates, config }: ModeParts): void {
  const mode = strategy.mode.name
  const node = config.nodeId
  scope.get(
    ROUTES.me,
    { schema: { response: { 200: MeAnswer, 401: RefusalAnswer } } },
    async (request, reply) => {
      const verdict = await strategy.authenticate(request)
      if (gates !== undefined) await gates.pass('lookup-after-read')
      if (typeof verdict === 'string') return sendRefusal(reply, verdict)
      return { id: verdict.id, role: verdict.role, loginAt: verdict.loginAt, mode, node }
    },
  )
}

/**
 * `GET` and `PUT /me/data`: what is kept with the login, replaced as a whole. Two writes in parallel: the last one
 * stays, as with any session library that saves whole sessions.
 */
export function dataRoutes(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, gates, config, cookie } = parts
  const mode = strategy.mode.name
  scope.get(ROUTES.data, { schema: { response: { 200: DataAnswer } } }, async (request, reply) => {
    const verdict = await strategy.authenticate(request)
    if (typeof verdict === 'string') return sendRefusal(reply, verdict)
    return { data: (await strategy.readData(request)) ?? {} }
  })
  scope.put<{ Body: JsonObject }>(
    ROUTES.data,
    { schema: { body: Data, response: { 200: WriteAnswer } } },
    async (request, reply) => {
      if (parts.cookies) requireCsrf(request)
      await gates?.pass('write-before-save')
      const result = await strategy.write(request, request.body)
      if (result === 'too-large') throw new AnswerError('credentialTooLarge')
      if (result === 'full') throw new AnswerError('memoryFull')
      if (typeof result === 'string') return sendRefusal(reply, result)
      const credential = result.issued === undefined ? {} : sendIssued(reply, result.issued, cookie)
      return reply.send({ id: result.login.id, mode, node: config.nodeId, ...credential })
    },
  )
}
