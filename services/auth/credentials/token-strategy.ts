import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { JWTPayload } from 'jose'
import { SignJWT } from 'jose'
import { COOKIES, cookieName } from '#contract/headers.ts'
import type { Mode } from '#contract/modes.ts'
import type { RefusalReason } from '#contract/reasons.ts'
import type { Clock } from '../clock.ts'
import { isCanonicalToken } from '../tokens/canonical-token.ts'
import type { AccessClaims } from '../tokens/claims.ts'
import { AUDIENCE, CLIENT_ID, ISSUER, TOKEN_TYPE } from '../tokens/claims.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import type { TokenVerifier } from '../tokens/token-verifier.ts'
import type {
  CredentialStrategy,
  Issued,
  JsonObject,
  LoginContext,
  User,
  Verdict,
  WriteResult,
} from './credential-strategy.ts'
import { countAuthorization, rawCookie } from './presented.ts'

/** As with cookies: what every client and proxy on the way can be expected to carry. */
const TOKEN_MAX_BYTES = 4096
/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([^ ]+)$/i

/** A signed access token in the Authorization header: checked by its signature and its times, nobody is asked. */
export class TokenStrategy implements CredentialStrategy {
  readonly mode: Mode
  readonly #keys: SigningKeys
  readonly #verifier: TokenVerifier
  readonly #clock: Clock
  readonly #cookieNames: readonly string[]

  constructor(mode: Mode, keys: SigningKeys, verifier: TokenVerifier, clock: Clock) {
    this.mode = mode
    this.#keys = keys
    this.#verifier = verifier
    this.#clock = clock
    this.#cookieNames = [cookieName(COOKIES.session, false), cookieName(COOKIES.session, true)]
  }

  async register(): Promise<void> {}

  async begin(_userId: string, lifetimeS: number): Promise<LoginContext> {
    return { nowMs: this.#clock.now(), epoch: 0, lifetimeS }
  }

  async issue(user: User, { nowMs, lifetimeS }: LoginContext): Promise<Issued> {
    const iat = Math.floor(nowMs / 1000)
    const loginAt = new Date(nowMs).toISOString()
    const value = await this.#sign({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: user.id,
      client_id: CLIENT_ID,
      iat,
      exp: iat + lifetimeS,
      jti: randomUUID(),
      role: user.role,
      login_at: loginAt,
    })
    return { kind: 'token', value, expiresInS: lifetimeS, loginAt }
  }

  async authenticate(request: FastifyRequest): Promise<Verdict> {
    const claims = await this.#claims(request)
    if (typeof claims === 'string') return claims
    return { id: claims.sub, role: claims.role, loginAt: claims.login_at }
  }

  async readData(request: FastifyRequest): Promise<JsonObject | undefined> {
    const claims = await this.#claims(request)
    return typeof claims === 'string' ? undefined : claims.data
  }

  async write(request: FastifyRequest, data: JsonObject): Promise<WriteResult> {
    const claims = await this.#claims(request)
    if (typeof claims === 'string') return claims
    const nowS = Math.floor(this.#clock.now() / 1000)
    // The end stays where the login put it: writing is no way to live longer.
    const value = await this.#sign({
      ...claims,
      iat: Math.min(nowS, claims.exp - 1),
      jti: randomUUID(),
      data,
    })
    if (value.length > TOKEN_MAX_BYTES) return 'too-large'
    return {
      login: { id: claims.sub, role: claims.role, loginAt: claims.login_at },
      issued: {
        kind: 'token',
        value,
        expiresInS: Math.max(0, claims.exp - nowS),
        loginAt: claims.login_at,
      },
    }
  }

  /** Nobody keeps a list: the token that was handed out stays good until it expires. */
  async revoke(): Promise<void> {}
  async revokeUser(): Promise<void> {}
  async supersede(): Promise<void> {}

  async storeState(): Promise<'none'> {
    return 'none'
  }

  async close(): Promise<void> {}

  #sign(claims: AccessClaims): Promise<string> {
    const { kid, key } = this.#keys.current
    return new SignJWT({ ...claims } satisfies JWTPayload)
      .setProtectedHeader({ alg: this.#keys.algorithm, typ: TOKEN_TYPE, kid })
      .sign(key)
  }

  #claims(request: FastifyRequest): AccessClaims | RefusalReason | Promise<AccessClaims | RefusalReason> {
    const { authorization } = request.raw.headers
    if (authorization === undefined) {
      const hasCookie = this.#cookieNames.some((name) => rawCookie(request.raw, name))
      return hasCookie ? 'wrong-mode' : 'absent'
    }
    if (countAuthorization(request.raw) > 1) return 'malformed'
    const token = BEARER.exec(authorization)?.[1]
    if (token === undefined || !isCanonicalToken(token)) return 'malformed'
    return this.#verifier.verify(token, this.#clock.now())
  }
}
