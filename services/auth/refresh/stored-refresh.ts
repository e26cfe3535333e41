import { hash, randomBytes } from 'node:crypto'
import type { RefusalReason } from '#contract/reasons.ts'
import type { RefreshCodec } from './refresh-codec.ts'
import type { RefreshFamilies, Turn } from './refresh-families.ts'
import type { RefreshTokens } from './refresh-tokens.ts'

/** User, family, place in the family. */
export interface StoredContent {
  u: string
  f: string
  p: number
}

const FAMILY_BYTES = 24

/**
 * Refresh tokens that are used once (RFC 9700, section 4.14.2): each use moves the family to its next token, in one step
 * of the store. The next token follows from the family and the place by the signature alone, so the store keeps no token,
 * and the grace can tell the same successor twice.
 */
export function storedRefresh(codec: RefreshCodec<StoredContent>, families: RefreshFamilies): RefreshTokens {
  return {
    begin: (userId) => families.epochOf(userId),
    async issue(grant) {
      const name = randomBytes(FAMILY_BYTES).toString('base64url')
      const family = hashed(name)
      await families.create(family, grant)
      return { token: codec.seal({ u: grant.userId, f: name, p: 1 }), family }
    },
    async look(token, nowMs) {
      const content = codec.open(token)
      if (typeof content === 'string') return content
      const family = hashed(content.f)
      const turn = await families.look(content.u, family, content.p, nowMs)
      return turn.outcome === 'turned' ? { ...turn.grant, family } : refusalOf(turn)
    },
    async redeem(token, nowMs) {
      const content = codec.open(token)
      if (typeof content === 'string') return content
      const { u, f, p } = content
      const turn = await families.turn(u, hashed(f), p, nowMs)
      if (turn.outcome === 'turned') return { ...turn.grant, token: codec.seal({ u, f, p: turn.place }) }
      return refusalOf(turn)
    },
    async revoke(token) {
      const content = codec.open(token)
      if (typeof content !== 'string') await families.end(content.u, hashed(content.f))
    },
    endFamily: (userId, family) => families.end(userId, family),
    revokeUser: (userId) => families.advanceEpoch(userId),
    close: () => families.close(),
  }
}

function refusalOf({ outcome }: Exclude<Turn, { outcome: 'turned' }>): RefusalReason {
  return outcome === 'reused' ? 'revoked' : outcome
}

/** What is kept, here and in sessions: a dump of either makes no token. */
function hashed(name: string): string {
  return hash('sha256', name, 'base64url')
}
