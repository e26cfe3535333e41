import { createHash, timingSafeEqual } from 'node:crypto'
import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { createApp } from '../create-app.ts'
import { AnswerError } from '../errors.ts'
import type { AdminParts } from './admin-parts.ts'
import { burdenRoute } from './burden.ts'
import { clockRoute } from './clock.ts'
import { gateRoutes } from './gates.ts'
import { inboxRoute } from './inbox.ts'
import { keysRoute } from './keys.ts'
import { modeRoute } from './mode.ts'
import { peersRoute } from './peers.ts'
import { renewalRoute } from './renewal.ts'
import { replicationRoutes } from './replication.ts'
import { seedRoute } from './seed.ts'
import { sessionCountRoute } from './session-count.ts'
import { usageRoute } from './usage.ts'
import { userRoutes } from './users.ts'

/** The private application: every route wants the admin token. */
export async function createAdminApp(parts: AdminParts, server: Server): Promise<FastifyInstance> {
  const app = createApp(parts.config, server)
  const expected = digest(`Bearer ${parts.config.adminToken}`)
  app.addHook('onRequest', async (request) => {
    // Digests have one length, so that the comparison's time tells nothing, not even how long the token is.
    const presented = digest(request.headers.authorization ?? '')
    if (!timingSafeEqual(presented, expected)) throw new AnswerError('adminUnauthorized')
  })
  usageRoute(app, parts)
  modeRoute(app, parts)
  renewalRoute(app, parts)
  seedRoute(app, parts)
  sessionCountRoute(app, parts)
  replicationRoutes(app, parts)
  peersRoute(app, parts)
  userRoutes(app, parts)
  inboxRoute(app, parts)
  keysRoute(app, parts.keys)
  if (parts.config.movableClock) clockRoute(app, parts.clock)
  if (parts.gates !== undefined) gateRoutes(app, parts.gates)
  if (parts.burden !== undefined) burdenRoute(app, parts.burden)
  await app.ready()
  return app
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
