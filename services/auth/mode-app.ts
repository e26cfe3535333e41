import type { Server } from 'node:http'
import fastifyCookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { createApp } from './create-app.ts'
import { renewOnUse } from './credentials/renew-on-use.ts'
import { idleCounts } from './login-span.ts'
import { baselineRoute } from './routes/baseline.ts'
import { healthRoutes } from './routes/health.ts'
import { jwksRoute } from './routes/jwks.ts'
import { linkRoutes } from './routes/links.ts'
import { loginRoute } from './routes/login.ts'
import { logoutRoutes } from './routes/logout.ts'
import { dataRoutes, lookupRoute } from './routes/me.ts'
import type { ModeParts } from './routes/mode-parts.ts'
import { otpRoutes } from './routes/otp.ts'
import { passwordRoute } from './routes/password.ts'
import { refreshRoute } from './routes/refresh.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { ssoAskRoutes } from './routes/sso-ask.ts'
import { ssoCodeRoute } from './routes/sso-codes.ts'
import { transferRoute } from './routes/transfer.ts'
import { unprotectedTransferRoute } from './routes/unprotected-transfer.ts'

/**
 * The public application of one mode. It does not listen: the node hands requests to its `routing`.
 *
 *   (root)            baseline, health, jwks: no hook runs
 *   └ cookies         login, links: cookies parsed, where the mode has any
 *     └ credentials   me, data, logout, password, transfer: whatever the strategy registers
 */
export async function createModeApp(parts: ModeParts, server: Server): Promise<FastifyInstance> {
  const { strategy, config, renewal, cookie } = parts
  const app = createApp(config, server)
  baselineRoute(app, parts)
  healthRoutes(app, parts)
  jwksRoute(app, parts)
  if (config.shop !== undefined) app.register(ssoAskRoutes(parts, config.shop))
  app.register(async (scope) => {
    if (parts.scheme === 'cookie') await scope.register(fastifyCookie)
    loginRoute(scope, parts)
    linkRoutes(scope, parts)
    scope.register(async (inner) => {
      inner.decorateRequest('accepted', null)
      await parts.strategy.register(inner, idleCounts(config, renewal))
      if (renewal === 'rolling' && strategy.renew) renewOnUse(inner, strategy, cookie, config.idleS)
      lookupRoute(inner, parts)
      dataRoutes(inner, parts)
      logoutRoutes(inner, parts)
      passwordRoute(inner, parts)
      transferRoute(inner, parts)
      if (parts.config.unprotectedRoute) inner.register(unprotectedTransferRoute(parts))
      sessionRoutes(inner, parts)
      if (config.shop !== undefined) ssoCodeRoute(inner, parts, config.shop)
      refreshRoute(inner, parts)
      otpRoutes(inner, parts)
    })
  })
  await app.ready()
  return app
}
