import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { PeersRequest } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { AnswerError } from '../errors.ts'
import type { AdminParts } from './admin-parts.ts'

const MOST = 256
const PeersBody = Type.Object(
  {
    peers: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,62}$' }),
          adminUrl: Type.String({ pattern: '^http://[^\\s,/]+$' }),
        },
        { additionalProperties: false },
      ),
      { maxItems: MOST },
    ),
  },
  { additionalProperties: false },
)

/**
 * `PUT /peers`: who the nodes are from now on, as STILLIN_PEERS said at the start. A node that is new among them is
 * spoken to when it has spoken; one that is gone is forgotten when it no longer answers. 409 where a name says who is there.
 */
export function peersRoute(app: FastifyInstance, { config }: AdminParts): void {
  app.put<{ Body: PeersRequest }>(
    ADMIN_ROUTES.peers,
    { schema: { body: PeersBody } },
    async (request, reply) => {
      if (config.peers?.replace === undefined) throw new AnswerError('peersNotListed')
      config.peers.replace(request.body.peers.filter(({ id }) => id !== config.nodeId))
      return reply.code(204).send()
    },
  )
}
