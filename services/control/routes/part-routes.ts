import type { FastifyInstance } from 'fastify'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { PartAction } from '#contract/supervision.ts'
import type { Control } from '../control.ts'
import { answerError } from './answer-error.ts'

const ACTIONS: readonly PartAction[] = ['kill', 'start', 'pause', 'resume']

interface PartParams {
  Params: { id: string }
}

/** `POST /parts/:id/{kill,start,pause,resume,drain}` and `POST /shutdown`, each → 204. */
export function partRoutes(server: FastifyInstance, control: Control): void {
  for (const action of ACTIONS) {
    server.post<PartParams>(`${ADMIN_ROUTES.parts}/:id/${action}`, async (request, reply) => {
      const error = await control.act(action, request.params.id)
      if (error !== undefined) return answerError(reply, error.status, 'not_done', error.message)
      return reply.code(204).send()
    })
  }
  server.post<PartParams>(`${ADMIN_ROUTES.parts}/:id/drain`, async (request, reply) => {
    const error = await control.drain(request.params.id)
    if (error !== undefined) return answerError(reply, error.status, 'not_done', error.message)
    return reply.code(204).send()
  })
  server.post(ADMIN_ROUTES.shutdown, async (_request, reply) => {
    const error = await control.shutdown()
    if (error !== undefined) return answerError(reply, error.status, 'not_done', error.message)
    return reply.code(204).send()
  })
}
