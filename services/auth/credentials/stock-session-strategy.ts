import { promisify } from 'node:util'
import { Signer } from '@fastify/cookie'
import fastifySession from '@fastify/session'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Mode } from '#contract/modes.ts'
import { isModeName } from '#contract/modes.ts'
import type { RefusalReason } from '#contract/reasons.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import { newSessionId } from '../sessions/session-id.ts'
import { StockRedisStore } from '../sessions/stock-redis-store.ts'
import type {
  CredentialStrategy,
  Issued,
  JsonObject,
  LoginContext,
  User,
  Verdict,
  WriteResult,
} from './credential-strategy.ts'
import { hasBearer } from './presented.ts'
import type { SessionCookie } from './session-cookie.ts'

/**
 * @fastify/session with its own defaults over a plain store, to be compared with and not to be copied: every answer
 * saves the whole session again (`rolling`), so a lookup under way when its user logs out brings the session back;
 * whoever asks gets a session (`saveUninitialized`); no session ends while it is used; there is no way to log out
 * everywhere. The login alone is ours: it writes what the library reads.
 */
export class StockSessionStrategy implements CredentialStrategy {
  readonly mode: Mode
  readonly #connection: RedisConnection
  readonly #store: StockRedisStore
  readonly #cookie: SessionCookie
  readonly #signer: Signer

  constructor(parts: { mode: Mode; connection: RedisConnection; cookie: SessionCookie; key: string }) {
    this.mode = parts.mode
    this.#connection = parts.connection
    this.#store = new StockRedisStore(parts.connection)
    this.#cookie = parts.cookie
    this.#signer = new Signer(parts.key)
  }

  async register(scope: FastifyInstance): Promise<void> {
    await scope.register(fastifySession, {
      secret: this.#signer,
      cookieName: this.#cookie.name,
      cookie: { ...this.#cookie.attributes },
      store: this.#store,
    })
  }

  async begin(_userId: string, lifetimeS: number): Promise<LoginContext> {
    return { nowMs: Date.now(), epoch: 0, lifetimeS }
  }

  async issue(user: User, { nowMs, lifetimeS, loginAtMs, data }: LoginContext): Promise<Issued> {
    const id = newSessionId(this.mode.name, user.id, nowMs + lifetimeS * 1000)
    const loginAt = new Date(loginAtMs ?? nowMs).toISOString()
    const session = { userId: user.id, role: user.role, loginAt, ...(data && { data }) }
    await promisify(this.#store.set.bind(this.#store))(id, session)
    return { kind: 'cookie', value: this.#signer.sign(id), maxAgeS: lifetimeS, loginAt }
  }

  async withdraw({ value }: Issued): Promise<void> {
    await this.#destroy(value)
  }

  authenticate(request: FastifyRequest): Verdict {
    const { userId, role, loginAt } = request.session
    if (userId !== undefined && role !== undefined && loginAt !== undefined)
      return { id: userId, role, loginAt }
    return this.#reason(request)
  }

  async readData(request: FastifyRequest): Promise<JsonObject | undefined> {
    return request.session.data
  }

  async write(request: FastifyRequest, data: JsonObject): Promise<WriteResult> {
    const login = this.authenticate(request)
    if (typeof login === 'string') return login
    request.session.data = data
    await request.session.save()
    return { login }
  }

  async revoke(request: FastifyRequest): Promise<void> {
    await request.session.destroy()
  }

  /** The library knows sessions and no users. */
  async revokeUser(): Promise<void> {}

  async supersede(request: FastifyRequest): Promise<void> {
    await this.#destroy(request.cookies[this.#cookie.name])
  }

  storeState(): Promise<'up' | 'down'> {
    return this.#connection.ping()
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  async #destroy(presented: string | undefined): Promise<void> {
    const id = presented ? this.#signer.unsign(presented).value : null
    if (id !== null) await promisify(this.#store.destroy.bind(this.#store))(id)
  }

  #reason(request: FastifyRequest): RefusalReason {
    const presented = request.cookies[this.#cookie.name]
    if (!presented) return hasBearer(request.raw) ? 'wrong-mode' : 'absent'
    const purpose = presented.slice(0, presented.indexOf('.'))
    if (purpose !== this.mode.name) return isModeName(purpose) ? 'wrong-mode' : 'malformed'
    return this.#signer.unsign(presented).valid ? 'unknown' : 'signature'
  }
}
