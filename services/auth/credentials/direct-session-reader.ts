import type { Signer } from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Session as HeldSession, SessionStore } from '../sessions/session-store.ts'
import { findIn } from '../sessions/session-store.ts'
import type { JsonObject } from './credential-strategy.ts'
import type { Found, SessionReader } from './session-reader.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the direct reader found for this request. */
    heldSession: HeldSession | null
  }
}

/**
 * Reads the session straight from the store: one signature to check, one question. @fastify/session does the same
 * and, for every request, signs the id once more and hashes the session before and after, so as to know whether it
 * changed; here a route that changes one says so.
 */
export class DirectSessionReader implements SessionReader {
  readonly #store: SessionStore
  readonly #signer: Signer
  readonly #cookieName: string
  #find: (id: string) => Promise<Found>

  constructor(store: SessionStore, signer: Signer, cookieName: string) {
    this.#store = store
    this.#signer = signer
    this.#cookieName = cookieName
    this.#find = findIn(store, true)
  }

  async register(scope: FastifyInstance, idleCounts: boolean): Promise<void> {
    this.#find = findIn(this.#store, idleCounts)
    scope.decorateRequest('heldSession', null)
  }

  async read(request: FastifyRequest): Promise<Found> {
    const presented = request.cookies[this.#cookieName]
    if (presented === undefined) return undefined
    const { valid, value } = this.#signer.unsign(presented)
    if (!valid || value === null) return undefined
    const found = await this.#find(value)
    if (typeof found === 'object') request.heldSession = found
    return found
  }

  held({ heldSession }: FastifyRequest): HeldSession {
    if (heldSession === null) throw new Error('asked for the session of a request that has none')
    return heldSession
  }

  save(request: FastifyRequest, data: JsonObject): Promise<'updated' | 'gone'> {
    return this.#store.update({ ...this.held(request), data })
  }
}
