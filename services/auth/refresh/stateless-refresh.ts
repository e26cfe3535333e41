import type { RefusalReason } from '#contract/reasons.ts'
import type { RefreshCodec } from './refresh-codec.ts'
import type { Redeemed, RefreshGrant, RefreshTokens } from './refresh-tokens.ts'

/** The grant, in short names. */
export interface StatelessContent {
  u: string
  l: number
  d: number
  v: number
  e: number
}

/**
 * Refresh tokens that the client alone keeps: the same one until its absolute end. Nobody can take one back but by what
 * a refresh asks anyway, the account's version in the directory and the user's epoch where the mode has one; one that is
 * stolen works beside its owner's, and nobody notices.
 */
export function statelessRefresh(codec: RefreshCodec<StatelessContent>): RefreshTokens {
  async function read(token: string, nowMs: number): Promise<Redeemed | RefusalReason> {
    const content = codec.open(token)
    if (typeof content === 'string') return content
    const { u: userId, l: loginAtMs, d: deadlineMs, v: version, e: epoch } = content
    if (deadlineMs <= nowMs) return 'expired'
    return { userId, loginAtMs, deadlineMs, version, epoch, familyEpoch: 0, token }
  }
  return {
    begin: async () => 0,
    issue: async ({ userId, loginAtMs, deadlineMs, version, epoch }: RefreshGrant) => ({
      token: codec.seal({ u: userId, l: loginAtMs, d: deadlineMs, v: version, e: epoch }),
    }),
    look: read,
    redeem: read,
    revoke: async () => undefined,
    endFamily: async () => undefined,
    revokeUser: async () => undefined,
    close: async () => undefined,
  }
}
