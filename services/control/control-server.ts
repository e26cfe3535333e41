import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import { ADMIN_ROUTES, ROUTES } from '#contract/routes.ts'
import { bearerCheck } from './bearer-check.ts'
import type { Control } from './control.ts'
import type { Dashboard } from './dashboard/dashboard.ts'
import { dashboardRoutes } from './dashboard/dashboard-routes.ts'
import { pageRoutes } from './dashboard/page-routes.ts'
import { sameOriginCheck } from './dashboard/same-origin.ts'
import { rawProblem, requestProblem } from './request-problem.ts'
import { answerError } from './routes/answer-error.ts'
import { keyRoutes } from './routes/key-routes.ts'
import { linkRoutes } from './routes/link-routes.ts'
import { modeRoutes } from './routes/mode-routes.ts'
import { nodeRoutes } from './routes/node-routes.ts'
import { partRoutes } from './routes/part-routes.ts'
import { renewalRoutes } from './routes/renewal-routes.ts'
import { userRoutes } from './routes/user-routes.ts'

const BODY_LIMIT_BYTES = 16 * 1024

export interface ControlServerOptions {
  readonly control: Control
  readonly token: string
  readonly logLevel: string
  /** Absent: only the API is served. */
  readonly dashboard?: Dashboard
}

/** Control's HTTP API and page; not listening yet. All but `GET /livez` and the page's files want the bearer token. */
export function buildControlServer(options: ControlServerOptions): FastifyInstance {
  const { control, token, logLevel, dashboard } = options
  const server = Fastify({
    logger: { level: logLevel },
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => {
      // Typed for routes without a schema of their own.
      void (reply as FastifyReply).code(error.statusCode ?? 400).send(requestProblem(error))
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
      else socket.end(rawProblem(error.code))
    },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  })
  server.removeContentTypeParser('text/plain')
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).send(requestProblem(error))
    request.log.error({ err: error, code: 'control_failed', status })
    return answerError(reply, status, 'internal', 'control failed; its log says why')
  })
  server.setNotFoundHandler(({ method }, reply) =>
    answerError(reply, 404, 'not_found', `there is nothing at this address that answers ${method}`),
  )
  server.get(ROUTES.livez, async () => ({ status: 'live' }))
  if (dashboard !== undefined) pageRoutes(server)
  server.register(async (guarded) => {
    guarded.addHook('onRequest', sameOriginCheck)
    guarded.addHook('onRequest', bearerCheck(token))
    guarded.get(ADMIN_ROUTES.cluster, async () => control.state())
    modeRoutes(guarded, control)
    partRoutes(guarded, control)
    nodeRoutes(guarded, control)
    userRoutes(guarded, control)
    keyRoutes(guarded, control)
    linkRoutes(guarded, control)
    renewalRoutes(guarded, control)
    if (dashboard !== undefined) guarded.register(async (scope) => dashboardRoutes(scope, dashboard))
  })
  return server
}
