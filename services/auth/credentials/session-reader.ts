import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Session } from '../sessions/session-store.ts'
import type { JsonObject } from './credential-strategy.ts'

/** What a request's session id led to. `revoked`: a session that its user's epoch has voided; undefined: none. */
export type Found = Session | 'revoked' | undefined

/** How the session that a request carries is found and written back. */
export interface SessionReader {
  /**
   * Prepares a scope whose routes call the other methods. Cookies are parsed there already.
   * @param idleCounts false: a read need not begin the idle time anew.
   */
  register(scope: FastifyInstance, idleCounts: boolean): Promise<void>
  /** @throws AnswerError storeUnavailable, stale */
  read(request: FastifyRequest): Found | Promise<Found>
  /** The session that `read` found for this request. */
  held(request: FastifyRequest): Session
  /** Replaces the data of the session that `read` found; `gone`: it was deleted meanwhile. */
  save(request: FastifyRequest, data: JsonObject): Promise<'updated' | 'gone'>
}
