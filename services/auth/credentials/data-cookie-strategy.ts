import { randomBytes } from 'node:crypto'
import { Signer } from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import type { Mode } from '#contract/modes.ts'
import { isModeName } from '#contract/modes.ts'
import type { RefusalReason } from '#contract/reasons.ts'
import type { Clock } from '../clock.ts'
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
import { COOKIE_MAX_BYTES } from './session-cookie.ts'

const ID_BYTES = 12

/** What the cookie says, in short names because it travels with every request. */
interface Content {
  /** Names this login: two of one user in one millisecond are two. */
  i: string
  u: string
  r: string
  /** Login, ISO 8601. */
  l: string
  /** Absolute end, ms since the Unix epoch. */
  e: number
  d?: JsonObject
}

/** The login itself in a signed cookie, `cookie.<content>.<HMAC-SHA256>`: checked by arithmetic, nobody is asked. */
export class DataCookieStrategy implements CredentialStrategy {
  readonly mode: Mode
  readonly #cookie: SessionCookie
  readonly #signer: Signer
  readonly #clock: Clock

  constructor(mode: Mode, cookie: SessionCookie, key: string, clock: Clock) {
    this.mode = mode
    this.#cookie = cookie
    this.#signer = new Signer(key)
    this.#clock = clock
  }

  async register(): Promise<void> {}

  async begin(_userId: string, lifetimeS: number): Promise<LoginContext> {
    return { nowMs: this.#clock.now(), epoch: 0, lifetimeS }
  }

  async issue(user: User, { nowMs, lifetimeS, loginAtMs, data }: LoginContext): Promise<Issued> {
    const loginAt = new Date(loginAtMs ?? nowMs).toISOString()
    const i = randomBytes(ID_BYTES).toString('base64url')
    const content = { i, u: user.id, r: user.role, l: loginAt, e: nowMs + lifetimeS * 1000 }
    const value = this.#sign(data === undefined ? content : { ...content, d: data })
    return { kind: 'cookie', value, maxAgeS: lifetimeS, loginAt }
  }

  authenticate(request: FastifyRequest): Verdict {
    const content = this.#read(request)
    return typeof content === 'string' ? content : { id: content.u, role: content.r, loginAt: content.l }
  }

  async readData(request: FastifyRequest): Promise<JsonObject | undefined> {
    const content = this.#read(request)
    return typeof content === 'string' ? undefined : content.d
  }

  async write(request: FastifyRequest, data: JsonObject): Promise<WriteResult> {
    const content = this.#read(request)
    if (typeof content === 'string') return content
    const value = this.#sign({ ...content, d: data })
    if (this.#cookie.name.length + 1 + value.length > COOKIE_MAX_BYTES) return 'too-large'
    // The end stays where the login put it: writing is no way to live longer.
    const maxAgeS = Math.max(1, Math.ceil((content.e - this.#clock.now()) / 1000))
    return {
      login: { id: content.u, role: content.r, loginAt: content.l },
      issued: { kind: 'cookie', value, maxAgeS, loginAt: content.l },
    }
  }

  /** Nobody keeps a list: the cookie that was handed out stays good until it expires. */
  async revoke(): Promise<void> {}
  async revokeUser(): Promise<void> {}
  async supersede(): Promise<void> {}

  async storeState(): Promise<'none'> {
    return 'none'
  }

  async close(): Promise<void> {}

  #sign(content: Content): string {
    const encoded = Buffer.from(JSON.stringify(content)).toString('base64url')
    return this.#signer.sign(`${this.mode.name}.${encoded}`)
  }

  #read(request: FastifyRequest): Content | RefusalReason {
    const presented = request.cookies[this.#cookie.name]
    if (!presented) return hasBearer(request.raw) ? 'wrong-mode' : 'absent'
    const purpose = presented.slice(0, presented.indexOf('.'))
    if (purpose !== this.mode.name) return isModeName(purpose) ? 'wrong-mode' : 'malformed'
    const { valid, value } = this.#signer.unsign(presented)
    if (!valid || value === null) return 'signature'
    // The signature is ours, so the content is what we once wrote.
    const encoded = value.slice(purpose.length + 1)
    const content = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Content
    return content.e <= this.#clock.now() ? 'expired' : content
  }
}
