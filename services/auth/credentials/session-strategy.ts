import { Signer } from '@fastify/cookie'
import fastifySession from '@fastify/session'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Mode } from '#contract/modes.ts'
import { isModeName } from '#contract/modes.ts'
import type { RefusalReason } from '#contract/reasons.ts'
import type { Clock } from '../clock.ts'
import { fastifySessionStore, SessionGone } from '../sessions/fastify-session-store.ts'
import { hashSessionId, newSessionId, parseSessionId } from '../sessions/session-id.ts'
import type { SessionStore, UsersOnline } from '../sessions/session-store.ts'
import type {
  CredentialStrategy,
  Issued,
  JsonObject,
  LoginContext,
  LoginListing,
  RevocationScope,
  User,
  Verdict,
  WriteResult,
} from './credential-strategy.ts'
import { detach } from './detach.ts'
import { hasBearer } from './presented.ts'
import type { SessionCookie } from './session-cookie.ts'

export interface SessionStrategyParts {
  mode: Mode
  store: SessionStore
  cookie: SessionCookie
  /** Signs the ids of this mode alone. */
  key: string
  clock: Clock
}

/**
 * A session id in a signed cookie, the session in a store: stock @fastify/session reads it, on our store. Logins
 * and logouts go to the store directly, which says whether they took hold.
 */
export class SessionStrategy implements CredentialStrategy {
  readonly mode: Mode
  readonly listing?: LoginListing
  readonly usersOnline?: () => Promise<UsersOnline>
  readonly #store: SessionStore
  readonly #cookie: SessionCookie
  readonly #signer: Signer
  readonly #clock: Clock

  constructor({ mode, store, cookie, key, clock }: SessionStrategyParts) {
    this.mode = mode
    this.#store = store
    this.#cookie = cookie
    this.#signer = new Signer(key)
    this.#clock = clock
    const { listing } = store
    if (listing !== undefined)
      this.listing = {
        list: (userId) => listing.list(userId),
        end: (userId, handle) => listing.end(userId, handle),
        handleOf: (request) => hashSessionId(request.session.sessionId),
      }
    if (store.usersOnline !== undefined) this.usersOnline = store.usersOnline.bind(store)
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

  async begin(userId: string, lifetimeS: number): Promise<LoginContext> {
    return { nowMs: this.#clock.now(), epoch: await this.#store.epochOf(userId), lifetimeS }
  }

  async issue(user: User, { nowMs, epoch, lifetimeS, loginAtMs, data }: LoginContext): Promise<Issued> {
    const deadlineMs = nowMs + lifetimeS * 1000
    const id = newSessionId(this.mode.name, user.id, deadlineMs)
    const loginAt = new Date(loginAtMs ?? nowMs).toISOString()
    const login = { id, userId: user.id, role: user.role, loginAt, epoch, deadlineMs }
    const session = data === undefined ? login : { ...login, data }
    await this.#store.create(session)
    return { kind: 'cookie', value: this.#signer.sign(id), maxAgeS: lifetimeS, loginAt }
  }

  authenticate(request: FastifyRequest): Verdict {
    const { userId, role, loginAt, refused } = request.session
    if (userId !== undefined && role !== undefined && loginAt !== undefined)
      return { id: userId, role, loginAt }
    detach(request)
    return refused ?? this.#reason(request)
  }

  async readData(request: FastifyRequest): Promise<JsonObject | undefined> {
    return request.session.data
  }

  async write(request: FastifyRequest, data: JsonObject): Promise<WriteResult> {
    const login = this.authenticate(request)
    if (typeof login === 'string') return login
    const { session } = request
    session.data = data
    detach(request)
    try {
      await session.save()
      return { login }
    } catch (error) {
      if (error instanceof SessionGone) return 'revoked'
      throw error
    }
  }

  async revoke(request: FastifyRequest, scope: RevocationScope): Promise<void> {
    const { sessionId, userId } = request.session
    detach(request)
    if (scope === 'everything' && userId !== undefined) await this.#store.advanceEpoch(userId)
    await this.#store.delete(sessionId)
  }

  revokeUser(userId: string): Promise<void> {
    return this.#store.advanceEpoch(userId)
  }

  async supersede(request: FastifyRequest): Promise<void> {
    const presented = request.cookies[this.#cookie.name]
    const id = presented ? this.#signer.unsign(presented).value : null
    if (id !== null) await this.#store.delete(id)
  }

  storeState(): Promise<'up' | 'down' | 'none'> {
    return this.#store.ping()
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  /** Why the library found no login; asked only when it did not. */
  #reason(request: FastifyRequest): RefusalReason {
    const presented = request.cookies[this.#cookie.name]
    if (!presented) return hasBearer(request.raw) ? 'wrong-mode' : 'absent'
    const purpose = presented.slice(0, presented.indexOf('.'))
    if (purpose !== this.mode.name) return isModeName(purpose) ? 'wrong-mode' : 'malformed'
    const { valid, value } = this.#signer.unsign(presented)
    if (!valid || value === null) return 'signature'
    const id = parseSessionId(value)
    if (id === undefined) return 'malformed'
    return id.deadlineMs <= this.#clock.now() ? 'expired' : 'unknown'
  }
}
