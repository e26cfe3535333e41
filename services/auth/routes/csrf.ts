import type { FastifyRequest } from 'fastify'
import { HEADERS } from '#contract/headers.ts'
import { AnswerError } from '../errors.ts'

/** @throws AnswerError csrf unless the request carries `x-csrf: 1`, which a form of another site cannot send. */
export function requireCsrf(request: FastifyRequest): void {
  if (request.raw.headers[HEADERS.csrf] !== '1') throw new AnswerError('csrf')
}
