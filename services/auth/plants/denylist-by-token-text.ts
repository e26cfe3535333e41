import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { MODES } from '#contract/modes.ts'
import { bearerToken } from '../credentials/bearer-token.ts'
import type { JsonObject, RevocationScope, Verdict, WriteResult } from '../credentials/credential-strategy.ts'
import { connectRedis } from '../credentials/redis-of-mode.ts'
import { TokenStrategy, type TokenStrategyParts } from '../credentials/token-strategy.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import { Denylist } from '../tokens/denylist.ts'
import type { Plant } from './plant.ts'

const KEPT_S = 3_600

/** Denies the text of a token that logged out. What a write issued for the same login before and after has another text. */
class TokenTextStrategy extends TokenStrategy {
  readonly #connection: RedisConnection

  constructor(parts: TokenStrategyParts, connection: RedisConnection) {
    super(parts)
    this.#connection = connection
  }

  override async authenticate(request: FastifyRequest): Promise<Verdict> {
    const verdict = await super.authenticate(request)
    return typeof verdict !== 'string' && (await this.#isDenied(request)) ? 'revoked' : verdict
  }

  override async write(request: FastifyRequest, data: JsonObject): Promise<WriteResult> {
    return (await this.#isDenied(request)) ? 'revoked' : super.write(request, data)
  }

  override async revoke(request: FastifyRequest, scope: RevocationScope): Promise<void> {
    if (scope === 'everything') return super.revoke(request, scope)
    await this.#connection.ask(1, (redis) => redis.set(textKey(request), '1', 'EX', KEPT_S))
  }

  async #isDenied(request: FastifyRequest): Promise<boolean> {
    return (await this.#connection.ask(1, (redis) => redis.exists(textKey(request)))) === 1
  }
}

function textKey({ raw }: FastifyRequest): string {
  const presented = bearerToken(raw)
  const text = typeof presented === 'string' ? presented : presented.token
  return `stillin:plant:denied:${hash('sha256', text, 'base64url')}`
}

export const denylistByTokenText: Plant = {
  strategies: {
    'jwt-denylist': async (parts) => {
      const mode = MODES['jwt-denylist']
      const connection = await connectRedis(mode, parts)
      const { clock } = parts
      const revocations = new Denylist(connection)
      return new TokenTextStrategy({ mode, codec: await parts.codec(), clock, revocations }, connection)
    },
  },
}
