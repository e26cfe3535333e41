import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RefusalReason } from '#contract/reasons.ts'
import { UNAVAILABLE_HEADER } from '#contract/reasons.ts'
import { detach } from './credentials/detach.ts'
import type { ErrorName } from './errors.ts'
import { AnswerError, ERRORS, errorBody, refusalBody } from './errors.ts'

/** Fastify's own refusals in our words. */
const FROM_FASTIFY: Readonly<Record<string, ErrorName>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'bodyTooLarge',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupportedMediaType',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformedJson',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformedJson',
}

/** Makes every error of an application one of `errors.ts`: nothing of what was thrown reaches the client. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | AnswerError>((error, request, reply) => {
    detach(request)
    return sendError(reply, toAnswerError(error), request)
  })
  app.setNotFoundHandler((request, reply) => {
    // One status for a wrong address and a wrong method: no change answers GET, whoever probes for it.
    const message = `There is nothing at this address that answers ${request.method}.`
    return sendError(reply, new AnswerError('notFound', { message }), request)
  })
}

/**
 * A 401: the value that an authentication came back with, as an answer.
 * @param scheme `bearer`: the challenge that RFC 6750, section 3, asks for goes with it; cookies have none.
 */
export function sendRefusal(
  reply: FastifyReply,
  reason: RefusalReason,
  scheme: 'cookie' | 'bearer',
): FastifyReply {
  if (scheme === 'bearer')
    reply.header('www-authenticate', reason === 'absent' ? 'Bearer' : 'Bearer error="invalid_token"')
  return reply.code(ERRORS.unauthorized.status).send(refusalBody(reason))
}

export function sendError(reply: FastifyReply, error: AnswerError, request: FastifyRequest): FastifyReply {
  const { declaration, detail } = error
  if (declaration.status === 500) request.log.error({ err: detail.cause ?? error }, 'request failed')
  if (declaration.reason !== undefined) {
    request.log.warn({ err: detail.cause }, declaration.message)
    reply.header(UNAVAILABLE_HEADER, declaration.reason)
  }
  if (detail.retryAfterS !== undefined) reply.header('retry-after', String(detail.retryAfterS))
  return reply.code(declaration.status).send(errorBody(declaration, detail))
}

function toAnswerError(error: FastifyError | AnswerError): AnswerError {
  if (error instanceof AnswerError) return error
  const known = FROM_FASTIFY[error.code]
  if (known !== undefined) return new AnswerError(known)
  // JSON that secure-json-parse refuses (`__proto__`). Only a body's error has a status: a store's broken value has none.
  if (error instanceof SyntaxError && error.statusCode === 400) return new AnswerError('malformedJson')
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) return new AnswerError('invalidRequest')
  return new AnswerError('internal', { cause: error })
}
