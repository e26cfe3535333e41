import type { Signer } from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Mode } from '#contract/modes.ts'
import { isModeName } from '#contract/modes.ts'
import type { RefusalReason } from '#contract/reasons.ts'
import type { Clock } from '../clock.ts'
import { hashSessionId, newSessionId, parseSessionId } from '../sessions/session-id.ts'
import type { Session, SessionStore, UsersOnline } from '../sessions/session-store.ts'
import type { Upkeep } from '../upkeep.ts'
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
import type { Found, SessionReader } from './session-reader.ts'

export interface SessionStrategyParts {
  mode: Mode
  store: SessionStore
  reader: SessionReader
  cookie: SessionCookie
  /** Signs the ids of this mode alone; the reader's too. */
  signer: Signer
  clock: Clock
}

/**
 * A session id in a signed cookie, the session in a store. A reader finds it; logins and logouts go to the store
 * directly, which says whether they took hold.
 */
export class SessionStrategy implements CredentialStrategy {
  readonly mode: Mode
  readonly listing?: LoginListing
  readonly usersOnline?: () => Promise<UsersOnline>
  readonly upkeep?: Upkeep
  readonly #store: SessionStore
  readonly #reader: SessionReader
  readonly #cookie: SessionCookie
  readonly #signer: Signer
  readonly #clock: Clock

  constructor({ mode, store, reader, cookie, signer, clock }: SessionStrategyParts) {
    this.mode = mode
    this.#store = store
    this.#reader = reader
    this.#cookie = cookie
    this.#signer = signer
    this.#clock = clock
    const { listing } = store
    if (listing !== undefined)
      this.listing = {
        ...listing,
        handleOf: (request) => hashSessionId(reader.held(request).id),
      }
    if (store.upkeep !== undefined) this.upkeep = store.upkeep
    if (store.usersOnline !== undefined) this.usersOnline = store.usersOnline.bind(store)
  }

  register(scope: FastifyInstance, idleCounts: boolean): Promise<void> {
    return this.#reader.register(scope, idleCounts)
  }

  async begin(userId: string, lifetimeS: number): Promise<LoginContext> {
    return { nowMs: this.#clock.now(), epoch: await this.#store.epochOf(userId), lifetimeS }
  }

  async issue(user: User, context: LoginContext): Promise<Issued> {
    const session = sessionOf(user, context)
    const id = newSessionId(this.mode.name, user.id, session.deadlineMs)
    const endedFamilies = await this.#store.create({ id, ...session })
    const { loginAt } = session
    const value = this.#signer.sign(id)
    return { kind: 'cookie', value, maxAgeS: context.lifetimeS, loginAt, endedFamilies }
  }

  async withdraw({ value }: Issued): Promise<void> {
    await this.#delete(value)
  }

  async fill(user: User, count: number, context: LoginContext): Promise<void> {
    const store = this.#store
    const session = sessionOf(user, context)
    const ids = Array.from({ length: count }, () => newSessionId(this.mode.name, user.id, session.deadlineMs))
    if (store.createAlike) return store.createAlike(session, ids)
    // Each keeps data of its own, as real logins do: shared, it would weigh nothing in a node's memory.
    const own = () =>
      session.data === undefined ? session : { ...session, data: structuredClone(session.data) }
    await Promise.all(ids.map((id) => store.create({ id, ...own() })))
  }

  authenticate(request: FastifyRequest): Verdict | Promise<Verdict> {
    const found = this.#reader.read(request)
    return found instanceof Promise
      ? found.then((session) => this.#verdict(request, session))
      : this.#verdict(request, found)
  }

  async readData(request: FastifyRequest): Promise<JsonObject | undefined> {
    return this.#reader.held(request).data
  }

  async write(request: FastifyRequest, data: JsonObject): Promise<WriteResult> {
    const login = await this.authenticate(request)
    if (typeof login === 'string') return login
    return (await this.#reader.save(request, data)) === 'gone' ? 'revoked' : { login }
  }

  async revoke(request: FastifyRequest, scope: RevocationScope): Promise<void> {
    const { id, userId } = this.#reader.held(request)
    detach(request)
    if (scope === 'everything') await this.#store.advanceEpoch(userId)
    await this.#store.delete(id)
  }

  revokeUser(userId: string): Promise<void> {
    return this.#store.advanceEpoch(userId)
  }

  async supersede(request: FastifyRequest): Promise<void> {
    await this.#delete(request.cookies[this.#cookie.name])
  }

  storeState(): Promise<'up' | 'down' | 'none'> {
    return this.#store.ping()
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  async #delete(presented: string | undefined): Promise<void> {
    const id = presented ? this.#signer.unsign(presented).value : null
    if (id !== null) await this.#store.delete(id)
  }

  #verdict(request: FastifyRequest, found: Found): Verdict {
    if (found === 'revoked') return found
    if (found === undefined) return this.#reason(request)
    return { id: found.userId, role: found.role, loginAt: found.loginAt }
  }

  /** Why the reader found no login; asked only when it did not. */
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

/** What is kept of a login, under an id that is still to be drawn. */
function sessionOf(
  user: User,
  { nowMs, epoch, lifetimeS, loginAtMs, family, data }: LoginContext,
): Omit<Session, 'id'> {
  const deadlineMs = nowMs + lifetimeS * 1000
  const loginAt = new Date(loginAtMs ?? nowMs).toISOString()
  const login = { userId: user.id, role: user.role, loginAt, epoch, deadlineMs }
  return { ...login, ...(family && { family }), ...(data && { data }) }
}
