import { randomBytes } from 'node:crypto'
import { Signer } from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import { CREDENTIAL_MAX_BYTES } from '#contract/headers.ts'
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

const ID_BYTES = 12

/** What the cookie says, in short names because it travels with every request. */
interface Content {
  /** Names this login: two of one user in one millisecond are two. */
  i: string
  u: string
  r: string
  /** Login, ISO 8601. */
  l: string
  /** The end, ms since the Unix epoch. */
  e: number
  /** Where the renewal is rolling: the end of the login, which no renewal moves. */
  a?: number
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

  async issue(user: User, { nowMs, lifetimeS, idleS, loginAtMs, data }: LoginContext): Promise<Issued> {
    const loginAt = new Date(loginAtMs ?? nowMs).toISOString()
    const i = randomBytes(ID_BYTES).toString('base64url')
    const endMs = nowMs + lifetimeS * 1000
    const times = idleS === undefined ? { e: endMs } : { e: Math.min(nowMs + idleS * 1000, endMs), a: endMs }
    const content = { i, u: user.id, r: user.role, l: loginAt, ...times }
    return this.#handOut(data === undefined ? content : { ...content, d: data })
  }

  authenticate(request: FastifyRequest): Verdict {
    const content = this.#read(request)
    if (typeof content === 'string') return content
    request.accepted = content
    return { id: content.u, role: content.r, loginAt: content.l }
  }

  async renew(request: FastifyRequest, idleS: number): Promise<Issued | undefined> {
    const content = request.accepted as Content | null
    if (content?.a === undefined || content.e >= content.a) return undefined
    return this.#handOut({ ...content, e: this.#endMs(content, idleS) })
  }

  async readData(request: FastifyRequest): Promise<JsonObject | undefined> {
    const content = this.#read(request)
    return typeof content === 'string' ? undefined : content.d
  }

  async write(request: FastifyRequest, data: JsonObject, idleS?: number): Promise<WriteResult> {
    const content = this.#read(request)
    if (typeof content === 'string') return content
    // Unless the renewal is rolling, the end stays where the login put it: writing is no way to live longer.
    const issued = this.#handOut({ ...content, e: this.#endMs(content, idleS), d: data })
    if (this.#cookie.name.length + 1 + issued.value.length > CREDENTIAL_MAX_BYTES) return 'too-large'
    return { login: { id: content.u, role: content.r, loginAt: content.l }, issued }
  }

  /** Nobody keeps a list: the cookie that was handed out stays good until it expires. */
  async revoke(request: FastifyRequest): Promise<void> {
    request.accepted = null
  }

  async revokeUser(): Promise<void> {}

  async supersede(request: FastifyRequest): Promise<void> {
    request.accepted = null
  }

  async storeState(): Promise<'none'> {
    return 'none'
  }

  async close(): Promise<void> {}

  /** Where the end moves to on a use that the renewal lets count. */
  #endMs({ e, a }: Content, idleS: number | undefined): number {
    if (a === undefined || idleS === undefined) return e
    return Math.min(this.#clock.now() + idleS * 1000, a)
  }

  #handOut(content: Content): Issued & { kind: 'cookie' } {
    const encoded = Buffer.from(JSON.stringify(content)).toString('base64url')
    const value = this.#signer.sign(`${this.mode.name}.${encoded}`)
    const maxAgeS = Math.max(1, Math.ceil((content.e - this.#clock.now()) / 1000))
    return { kind: 'cookie', value, maxAgeS, loginAt: content.l }
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
