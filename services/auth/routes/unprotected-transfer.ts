import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { ROUTES } from '#contract/routes.ts'
import { sendRefusal } from '../answers.ts'
import { AnswerError } from '../errors.ts'
import type { ModeParts } from './mode-parts.ts'

const AMOUNT_MAX = 1_000_000_000

/**
 * `GET` and `POST /demo/unprotected-transfer`: open to cross-site request forgery ON PURPOSE, to show what protects
 * the other routes. There only under `STILLIN_UNPROTECTED_ROUTE=1`. Every mistake is one that is made in earnest: a
 * change answers GET, forms and text/plain are read, no header is asked for. As with `POST /transfer`, nothing is moved.
 */
export function unprotectedTransferRoute({ strategy, scheme, config }: ModeParts): FastifyPluginAsync {
  return async (scope) => {
    readForms(scope)
    scope.route<{ Querystring: Record<string, unknown> }>({
      method: ['GET', 'POST'],
      url: ROUTES.unprotectedTransfer,
      handler: async (request, reply) => {
        const verdict = await strategy.authenticate(request)
        if (typeof verdict === 'string') return sendRefusal(reply, verdict, scheme)
        const amount = amountOf(request)
        return reply.send({ id: verdict.id, amount, mode: strategy.mode.name, node: config.nodeId })
      },
    })
  }
}

/** In this scope alone; everywhere else bodies are JSON and nothing else. */
function readForms(scope: FastifyInstance): void {
  const asText = { parseAs: 'string' } as const
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    asText,
    async (_request: FastifyRequest, body: string | Buffer) =>
      Object.fromEntries(new URLSearchParams(String(body))),
  )
  scope.addContentTypeParser(
    'text/plain',
    asText,
    async (_request: FastifyRequest, body: string | Buffer) => {
      try {
        return JSON.parse(String(body)) as unknown
      } catch {
        throw new AnswerError('malformedJson')
      }
    },
  )
}

/** Wherever it stands: the mistake that lets a form, a link and an image say it alike. */
function amountOf(request: FastifyRequest<{ Querystring: Record<string, unknown> }>): number {
  const body = request.body as Record<string, unknown> | null | undefined
  const amount = Number(body?.['amount'] ?? request.query['amount'])
  if (Number.isInteger(amount) && amount >= 1 && amount <= AMOUNT_MAX) return amount
  throw new AnswerError('invalidRequest', { field: 'amount', message: 'The field "amount" is missing.' })
}
