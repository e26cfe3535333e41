import { randomBytes } from 'node:crypto'
import type { ModeName } from '#contract/modes.ts'
import { MODES } from '#contract/modes.ts'
import { REFRESH_GRACE_MS } from '#contract/renewal.ts'
import { connectRedis } from '../credentials/redis-of-mode.ts'
import type { StrategyParts } from '../credentials/strategies.ts'
import { deriveKey } from '../key-ring.ts'
import { RedisFamilies } from '../refresh/redis-families.ts'
import { RefreshCodec } from '../refresh/refresh-codec.ts'
import type { RefreshGrant, RefreshTokens } from '../refresh/refresh-tokens.ts'
import type { Plant } from './plant.ts'

interface Content {
  u: string
  f: string
  n: string
}

interface Kept {
  readonly grant: RefreshGrant
  readonly current: string
  readonly former?: string
  readonly turnedAtMs?: number
}

const KEPT_S = 3_600
const draw = () => randomBytes(16).toString('base64url')
const familyKey = (user: string, family: string) => `stillin:plant:refresh:{${user}}:${family}`

/** Rotation as it is often written: read the family, compare, draw a successor, write the family. */
async function createRefresh(mode: ModeName, parts: StrategyParts): Promise<RefreshTokens> {
  const connection = await connectRedis(MODES[mode], parts)
  const epochs = new RedisFamilies(connection, parts.clock, REFRESH_GRACE_MS)
  const codec = new RefreshCodec<Content>(
    mode,
    deriveKey(parts.keyRing.cookieSecret, `refresh token ${mode}`),
  )
  const key = familyKey
  const write = (user: string, family: string, kept: Kept) =>
    connection.ask(1, (redis) => redis.set(key(user, family), JSON.stringify(kept), 'EX', KEPT_S))
  async function read(token: string) {
    const content = codec.open(token)
    if (typeof content === 'string') return content
    const { u, f } = content
    const found = await connection.ask(1, (redis) => redis.get(key(u, f)))
    if (found === null) return 'unknown'
    const kept = JSON.parse(found) as Kept
    return (await epochs.epochOf(u)) === kept.grant.familyEpoch ? { ...content, kept } : 'revoked'
  }
  return {
    begin: (userId) => epochs.epochOf(userId),
    async issue(grant) {
      const [f, n] = [draw(), draw()]
      await write(grant.userId, f, { grant, current: n })
      return { token: codec.seal({ u: grant.userId, f, n }) }
    },
    async look(token) {
      const seen = await read(token)
      if (typeof seen === 'string') return seen
      return seen.kept.grant
    },
    async redeem(token, nowMs) {
      const seen = await read(token)
      if (typeof seen === 'string') return seen
      const { u, f, n, kept } = seen
      const { grant, current, former, turnedAtMs = 0 } = kept
      if (n === former && nowMs - turnedAtMs < REFRESH_GRACE_MS)
        return { ...grant, token: codec.seal({ u, f, n: current }) }
      if (n !== current) {
        await connection.ask(1, (redis) => redis.del(key(u, f)))
        return 'revoked'
      }
      const next = draw()
      await write(u, f, { grant, current: next, former: n, turnedAtMs: nowMs })
      return { ...grant, token: codec.seal({ u, f, n: next }) }
    },
    async revoke(token) {
      const content = codec.open(token)
      if (typeof content !== 'string')
        await connection.ask(1, (redis) => redis.del(key(content.u, content.f)))
    },
    endFamily: async () => undefined,
    revokeUser: (userId) => epochs.advanceEpoch(userId),
    close: () => epochs.close(),
  }
}

export const readThenWriteRefresh: Plant = { refreshTokens: createRefresh }
