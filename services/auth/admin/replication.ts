import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { AnswerError } from '../errors.ts'
import { compiledAtFirstUse } from '../request-schema.ts'
import { Batch } from '../sessions/replication/change.ts'
import type { AdminParts } from './admin-parts.ts'

/** A batch is cut at a million characters of up to three bytes each, or holds one session and its data alone. */
const BATCH_MAX_BYTES = 4 * 1024 * 1024

const SnapshotQuery = Type.Object(
  { for: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
)

/**
 * Between nodes that replicate sessions. `POST /replication`: a batch of changes, or a sign of life. `GET
 * /replication?for=node`: everything this node has, a line each. 409 where no mode of this node replicates, or where
 * it is itself still asking around.
 */
export function replicationRoutes(app: FastifyInstance, { replication }: AdminParts): void {
  app.post<{ Body: Batch }>(
    ADMIN_ROUTES.replication,
    { schema: { body: Batch }, validatorCompiler: compiledAtFirstUse, bodyLimit: BATCH_MAX_BYTES },
    async (request) => {
      if (replication.current === undefined) throw new AnswerError('notReplicating')
      return replication.current.receive(request.body)
    },
  )
  app.get<{ Querystring: { for: string } }>(
    ADMIN_ROUTES.replication,
    { schema: { querystring: SnapshotQuery } },
    async (request, reply) => {
      const { current } = replication
      if (current === undefined || !current.hasSnapshot) throw new AnswerError('notReplicating')
      return reply.type('application/x-ndjson').send(Readable.from(current.snapshot(request.query.for)))
    },
  )
}
