import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { DATA_MAX_BYTES } from '#contract/login-data.ts'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import type { JsonObject } from '../credentials/credential-strategy.ts'
import { AnswerError } from '../errors.ts'
import { loginSpan } from '../login-span.ts'
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

/** Whatever writes or hashes data recurses into it; unbounded, a body of brackets would overflow the stack. */
const DATA_DEPTH_MAX = 32

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(depth - 1, member))
}

/**
 * As it is kept and told to other nodes, whatever was sent: unbounded, one user's numbers, written out, would be more
 * than a node takes from another, and a few logins would fill a node's memory.
 * @throws AnswerError invalidRequest, dataTooLarge
 */
function demandBounded(data: JsonObject): void {
  if (isDeeperThan(DATA_DEPTH_MAX, data))
    throw new AnswerError('invalidRequest', { message: `Data is nested at most ${DATA_DEPTH_MAX} deep.` })
  if (Buffer.byteLength(JSON.stringify(data)) > DATA_MAX_BYTES) throw new AnswerError('dataTooLarge')
}

/** `GET /me`: who the credential says this is. The path that is measured. */
export function lookupRoute(scope: FastifyInstance, { strategy, gates, config, scheme }: ModeParts): void {
  const mode = strategy.mode.name
  const node = config.nodeId
  scope.get(
    ROUTES.me,
    { schema: { response: { 200: MeAnswer, 401: RefusalAnswer } } },
    async (request, reply) => {
      const verdict = await strategy.authenticate(request)
      if (gates !== undefined) await gates.pass('lookup-after-read')
      if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
      return { id: verdict.id, role: verdict.role, loginAt: verdict.loginAt, mode, node }
    },
  )
}

/**
 * `GET` and `PUT /me/data`: what is kept with the login, replaced as a whole. Two writes in parallel: the last one
 * stays, as with any session library that saves whole sessions.
 */
export function dataRoutes(scope: FastifyInstance, parts: ModeParts): void {
  const { strategy, gates, config, cookie, scheme } = parts
  const mode = strategy.mode.name
  const { idleS } = loginSpan(config, parts.renewal)
  scope.get(ROUTES.data, { schema: { response: { 200: DataAnswer } } }, async (request, reply) => {
    const verdict = await strategy.authenticate(request)
    if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
    return { data: (await strategy.readData(request)) ?? {} }
  })
  scope.put<{ Body: JsonObject }>(
    ROUTES.data,
    { schema: { body: Data, response: { 200: WriteAnswer } } },
    async (request, reply) => {
      if (scheme === 'cookie') requireCsrf(request)
      demandBounded(request.body)
      await gates?.pass('write-before-save')
      const result = await strategy.write(request, request.body, idleS)
      request.accepted = null
      if (result === 'too-large') throw new AnswerError('credentialTooLarge')
      if (typeof result === 'string') return sendRefusal(reply, result, scheme)
      const credential = result.issued === undefined ? {} : sendIssued(reply, result.issued, cookie)
      return reply.send({ id: result.login.id, mode, node: config.nodeId, ...credential })
    },
  )
}
