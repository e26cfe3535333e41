import type { FastifyInstance } from 'fastify'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Control } from '../control.ts'
import { answerError } from './answer-error.ts'

/** `POST /nodes` → 201 `{id}`: a further node, once it takes traffic. `DELETE /nodes/:id` → 204: out for good. */
export function nodeRoutes(server: FastifyInstance, control: Control): void {
  server.post(ADMIN_ROUTES.nodes, async (_request, reply) => {
    const added = await control.addNode()
    if ('status' in added) return answerError(reply, added.status, 'not_done', added.message)
    return reply.code(201).send(added)
  })
  server.delete<{ Params: { id: string } }>(`${ADMIN_ROUTES.nodes}/:id`, async (request, reply) => {
    const error = await control.removeNode(request.params.id)
    if (error !== undefined) return answerError(reply, error.status, 'not_done', error.message)
    return reply.code(204).send()
  })
}
