import type { FastifyReply } from 'fastify'
import type { ErrorBody } from '#contract/reasons.ts'

/** Sends the one shape that every error has. */
export function answerError(
  reply: FastifyReply,
  status: number,
  error: string,
  message: string,
): FastifyReply {
  const body: ErrorBody = { error, message }
  return reply.code(status).send(body)
}
