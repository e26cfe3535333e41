import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { CREDENTIAL_MAX_BYTES } from '#contract/headers.ts'
import type { Mode } from '#contract/modes.ts'
import type { RefusalReason } from '#contract/reasons.ts'
import type { Clock } from '../clock.ts'
import type { AccessClaims } from '../tokens/claims.ts'
import { AUDIENCE, CLIENT_ID, ISSUER, modeOfClaims } from '../tokens/claims.ts'
import type { Admitted, NewLogin, Revocations } from '../tokens/revocations.ts'
import { revocable } from '../tokens/revocations.ts'
import type { TokenCodec } from '../tokens/token-codec.ts'
import type { Upkeep } from '../upkeep.ts'
import { bearerToken } from './bearer-token.ts'
import type {
  CredentialStrategy,
  Issued,
  JsonObject,
  LoginContext,
  RevocationScope,
  User,
  Verdict,
  WriteResult,
} from './credential-strategy.ts'

export interface TokenStrategyParts {
  readonly mode: Mode
  readonly codec: TokenCodec
  readonly clock: Clock
  /** Absent in `jwt`: nobody keeps a list, and the token that was handed out stays good until it expires. */
  readonly revocations?: Revocations
  /** When they are asked; on every request unless given. */
  readonly asked?: 'for-what-matters'
}

/**
 * An access token in the Authorization header, checked by its signature and its times; where there are revocations,
 * they are asked last, so that no forged token costs a question.
 */
export class TokenStrategy implements CredentialStrategy {
  readonly mode: Mode
  readonly upkeep?: Upkeep
  readonly #codec: TokenCodec
  readonly #clock: Clock
  readonly #revocations: Revocations | undefined
  /** What is asked on every request. */
  readonly #askedAlways: Revocations | undefined

  constructor({ mode, codec, clock, revocations, asked }: TokenStrategyParts) {
    this.mode = mode
    this.#codec = codec
    this.#clock = clock
    this.#revocations = revocations
    if (revocations?.upkeep !== undefined) this.upkeep = revocations.upkeep
    this.#askedAlways = asked === undefined ? revocations : undefined
  }

  async register(): Promise<void> {}

  async begin(userId: string, lifetimeS: number): Promise<LoginContext> {
    const nowMs = this.#clock.now()
    return { nowMs, epoch: (await this.#revocations?.epochOf(userId)) ?? 0, lifetimeS }
  }

  async issue(user: User, context: LoginContext): Promise<Issued> {
    const { nowMs, epoch, lifetimeS, idleS, loginAtMs, family, data } = context
    const iat = Math.floor(nowMs / 1000)
    const end = iat + lifetimeS
    const exp = Math.min(end, iat + (idleS ?? lifetimeS))
    const loginAt = new Date(loginAtMs ?? nowMs).toISOString()
    const deadlineMs = end * 1000
    const admitted = await this.#admit({
      userId: user.id,
      role: user.role,
      loginAt,
      epoch,
      deadlineMs,
      family,
    })
    const value = await this.#codec.seal({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: user.id,
      client_id: CLIENT_ID,
      iat,
      exp,
      jti: randomUUID(),
      role: user.role,
      login_at: loginAt,
      ...(idleS === undefined ? {} : { login_exp: end }),
      ...(data === undefined ? {} : { data }),
      ...(admitted && { mode: this.mode.name, sid: admitted.sid, epoch }),
    })
    const endedFamilies = admitted?.endedFamilies ?? []
    return { kind: 'token', value, expiresInS: exp - iat, loginAt, endedFamilies }
  }

  async withdraw({ value }: Issued): Promise<void> {
    const claims = this.#revocations?.admit && (await this.#codec.open(value, this.#clock.now()))
    if (typeof claims === 'object') await this.#revocations?.revokeLogin(revocable(claims))
  }

  async authenticate(request: FastifyRequest): Promise<Verdict> {
    const claims = await this.#checked(request, this.#askedAlways)
    if (typeof claims !== 'string') request.accepted = claims
    return asVerdict(claims)
  }

  async renew(request: FastifyRequest, idleS: number): Promise<Issued | undefined> {
    const claims = request.accepted as AccessClaims | null
    if (claims?.login_exp === undefined || claims.exp >= claims.login_exp) return undefined
    return this.#issueAnew(claims, idleS)
  }

  /** Asks whoever knows, also where a lookup asks nobody. */
  async confirm(request: FastifyRequest): Promise<Verdict> {
    return asVerdict(await this.#checked(request, this.#revocations))
  }

  async readData(request: FastifyRequest): Promise<JsonObject | undefined> {
    const claims = await this.#verified(request)
    return typeof claims === 'string' ? undefined : claims.data
  }

  async write(request: FastifyRequest, data: JsonObject, idleS?: number): Promise<WriteResult> {
    const claims = await this.#checked(request, this.#askedAlways)
    if (typeof claims === 'string') return claims
    const issued = await this.#issueAnew({ ...claims, data }, idleS)
    if (issued.value.length > CREDENTIAL_MAX_BYTES) return 'too-large'
    return { login: { id: claims.sub, role: claims.role, loginAt: claims.login_at }, issued }
  }

  async revoke(request: FastifyRequest, scope: RevocationScope): Promise<void> {
    request.accepted = null
    if (this.#revocations === undefined) return
    const claims = await this.#verified(request)
    if (typeof claims === 'string') return
    if (scope === 'everything') await this.#revocations.revokeUser(claims.sub)
    else await this.#revocations.revokeLogin(revocable(claims))
  }

  async revokeUser(userId: string): Promise<void> {
    await this.#revocations?.revokeUser(userId)
  }

  supersede(request: FastifyRequest): Promise<void> {
    return this.revoke(request, 'this')
  }

  async storeState(): Promise<'up' | 'down' | 'none'> {
    return this.#revocations?.storeState() ?? 'none'
  }

  async close(): Promise<void> {
    await this.#revocations?.close()
  }

  /** Unless the renewal is rolling, the end stays where the login put it: writing is no way to live longer. */
  async #issueAnew(claims: AccessClaims, idleS: number | undefined): Promise<Issued> {
    const nowS = Math.floor(this.#clock.now() / 1000)
    const { login_exp, login_at: loginAt } = claims
    const moves = login_exp !== undefined && idleS !== undefined
    const exp = moves ? Math.min(nowS + idleS, login_exp) : claims.exp
    const value = await this.#codec.seal({ ...claims, iat: Math.min(nowS, exp - 1), exp, jti: randomUUID() })
    return { kind: 'token', value, expiresInS: Math.max(0, exp - nowS), loginAt }
  }

  /** What the signature and the times say, and then whoever knows what was revoked. */
  async #checked(
    request: FastifyRequest,
    revocations: Revocations | undefined,
  ): Promise<AccessClaims | RefusalReason> {
    const claims = await this.#verified(request)
    if (revocations === undefined || typeof claims === 'string') return claims
    return (await revocations.isRevoked(revocable(claims))) ? 'revoked' : claims
  }

  /** The name by which this login can be revoked; undefined where nobody could. */
  async #admit(login: NewLogin): Promise<Admitted | undefined> {
    if (this.#revocations === undefined) return undefined
    return (await this.#revocations.admit?.(login)) ?? { sid: randomUUID(), endedFamilies: [] }
  }

  async #verified(request: FastifyRequest): Promise<AccessClaims | RefusalReason> {
    const presented = bearerToken(request.raw)
    if (typeof presented === 'string') return presented
    const claims = await this.#codec.open(presented.token, this.#clock.now())
    if (typeof claims === 'string') return claims
    return modeOfClaims(claims) === this.mode.name ? claims : 'wrong-mode'
  }
}

function asVerdict(claims: AccessClaims | RefusalReason): Verdict {
  if (typeof claims === 'string') return claims
  return { id: claims.sub, role: claims.role, loginAt: claims.login_at }
}
