import type { Server } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastify, { LogController } from 'fastify'
import { answerErrors, sendError } from './answers.ts'
import type { NodeConfig } from './config.ts'
import { AnswerError } from './errors.ts'
import { requestIdOf } from './request-id.ts'
import { validateRequests } from './request-schema.ts'

const BODY_MAX_BYTES = 1024 * 1024

/** A Fastify instance with this project's strictness, on a server that somebody else owns. */
export function createApp(config: NodeConfig, server: Server): FastifyInstance {
  const logger = config.logLevel === 'silent' ? false : { level: config.logLevel, name: config.nodeId }
  const app = fastify({
    logger,
    // Only where there is a log: a request pays for nothing that nobody reads.
    ...(logger === false ? {} : { genReqId: requestIdOf, requestIdLogLabel: 'requestId' }),
    // What matters is logged where it happens; a line for every request would be the dearest part of most of them.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX_BYTES,
    serverFactory: () => server,
    // The proxy's address, never `true`: X-Forwarded-For of anybody else is what an attacker wrote.
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    frameworkErrors: (_error, request, reply) => {
      sendError(reply as FastifyReply, new AnswerError('invalidRequest'), request as FastifyRequest)
    },
  })
  // A form of another site can send text/plain; JSON it cannot, not without asking first.
  app.removeContentTypeParser('text/plain')
  validateRequests(app)
  answerErrors(app)
  return app
}
