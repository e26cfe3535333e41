import type { FastifyInstance } from 'fastify'
import { ROUTES } from '#contract/routes.ts'
import { MeAnswer } from './me-answer.ts'
import type { ModeParts } from './mode-parts.ts'

/** `GET /baseline`: the same answer without any check, the zero from which every mode's cost is counted. */
export function baselineRoute(app: FastifyInstance, { strategy, config }: ModeParts): void {
  const mode = strategy.mode.name
  const node = config.nodeId
  const loginAt = new Date(0).toISOString()
  app.get(ROUTES.baseline, { schema: { response: { 200: MeAnswer } } }, async () => {
    return { id: 'baseline', role: 'user', loginAt, mode, node }
  })
}
