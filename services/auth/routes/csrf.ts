import type { FastifyRequest } from 'fastify'
import { HEADERS } from '#contract/headers.ts'
import { rawCookie } from '../credentials/presented.ts'
import { AnswerError } from '../errors.ts'
import type { ModeParts } from './mode-parts.ts'

/** @throws AnswerError csrf unless the request carries `x-csrf: 1`, which a form of another site cannot send. */
export function requireCsrf(request: FastifyRequest): void {
  if (request.raw.headers[HEADERS.csrf] !== '1') throw new AnswerError('csrf')
}

/** For a login: one that ends what the request's cookies hold is a change like any other. @throws AnswerError csrf. */
export function requireCsrfToReplace(
  request: FastifyRequest,
  { scheme, cookie, refresh, refreshCookie }: ModeParts,
): void {
  if (scheme !== 'cookie') return
  const replaced = refresh === undefined ? [cookie] : [cookie, refreshCookie]
  if (replaced.some(({ name }) => rawCookie(request.raw, name) !== undefined)) requireCsrf(request)
}
