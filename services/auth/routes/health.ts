import type { FastifyInstance } from 'fastify'
import { ROUTES } from '#contract/routes.ts'
import { AnswerError } from '../errors.ts'
import type { ModeParts } from './mode-parts.ts'

/**
 * `GET /livez`: the process answers. `GET /readyz`: it can also serve logins: 503 `store_unavailable` when its store
 * is away (nobody's fault but the store's), 503 `draining` when it is leaving. `GET /metrics`: for Prometheus.
 */
export function healthRoutes(app: FastifyInstance, parts: ModeParts): void {
  const { strategy, config, metrics, isDraining } = parts
  app.get(ROUTES.livez, async () => ({ status: 'live', node: config.nodeId }))
  app.get(ROUTES.readyz, async () => {
    if (isDraining()) throw new AnswerError('draining')
    const store = await strategy.storeState()
    if (store === 'down') throw new AnswerError('storeUnavailable')
    return { status: 'ready', node: config.nodeId, mode: strategy.mode.name, store }
  })
  app.get(ROUTES.metrics, async (_request, reply) => {
    const { contentType, text } = await metrics()
    return reply.type(contentType).send(text)
  })
}
