import type { Signer } from '@fastify/cookie'
import fastifySession from '@fastify/session'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fastifySessionStore, SessionGone } from '../sessions/fastify-session-store.ts'
import type { Session, SessionStore } from '../sessions/session-store.ts'
import type { JsonObject } from './credential-strategy.ts'
import { detach } from './detach.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { Found, SessionReader } from './session-reader.ts'

/** Stock @fastify/session over one of our stores, with the settings that it needs (docs/security.md). */
export class FastifySessionReader implements SessionReader {
  readonly #store: SessionStore
  readonly #signer: Signer
  readonly #cookie: SessionCookie

  constructor(store: SessionStore, signer: Signer, cookie: SessionCookie) {
    this.#store = store
    this.#signer = signer
    this.#cookie = cookie
  }

  async register(scope: FastifyInstance, idleCounts: boolean): Promise<void> {
    await scope.register(fastifySession, {
      secret: this.#signer,
      cookieName: this.#cookie.name,
      cookie: { ...this.#cookie.attributes },
      store: fastifySessionStore(this.#store, idleCounts),
      rolling: false,
      saveUninitialized: false,
    })
  }

  read(request: FastifyRequest): Found {
    const { refused } = request.session
    const session = loggedIn(request)
    if (session !== undefined) return session
    detach(request)
    return refused
  }

  held(request: FastifyRequest): Session {
    const session = loggedIn(request)
    if (session === undefined) throw new Error('asked for the session of a request that has none')
    return session
  }

  async save(request: FastifyRequest, data: JsonObject): Promise<'updated' | 'gone'> {
    const { session } = request
    session.data = data
    detach(request)
    try {
      await session.save()
      return 'updated'
    } catch (error) {
      if (error instanceof SessionGone) return 'gone'
      throw error
    }
  }
}

function loggedIn({ session }: FastifyRequest): Session | undefined {
  const { userId, role, loginAt, epoch, deadlineMs, family, data, sessionId: id } = session
  if (userId === undefined || role === undefined || loginAt === undefined) return undefined
  if (epoch === undefined || deadlineMs === undefined) return undefined
  const login = { id, userId, role, loginAt, epoch, deadlineMs }
  return { ...login, ...(family && { family }), ...(data && { data }) }
}
