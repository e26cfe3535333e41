import type { RefusalReason } from '#contract/reasons.ts'
import type { AccessClaims } from './claims.ts'
import { CLOCK_TOLERANCE_S, hasExpired } from './claims.ts'
import type { TokenCodec } from './token-codec.ts'

/**
 * Remembers tokens that were found good, at most `entriesMax`, the oldest forgotten first. By the whole text, of which
 * a token has one spelling here. A hit spares the signature and nothing else: expiry is looked at each time, and
 * whoever knows what was revoked is asked as ever. What was refused is not remembered.
 */
export function withVerifiedCache(codec: TokenCodec, entriesMax: number): TokenCodec {
  const verified = new Map<string, AccessClaims>()

  function remember(token: string, opened: AccessClaims | RefusalReason): AccessClaims | RefusalReason {
    if (typeof opened === 'string') return opened
    if (verified.size >= entriesMax) {
      const [oldest] = verified.keys()
      if (oldest !== undefined) verified.delete(oldest)
    }
    verified.set(token, opened)
    return opened
  }

  return {
    seal: (claims) => codec.seal(claims),
    open(token, nowMs) {
      const known = verified.get(token)
      // A clock that was set back may find a token to be of the future: that is not for a cache to say.
      if (known !== undefined && known.iat <= nowMs / 1000 + CLOCK_TOLERANCE_S) {
        if (!hasExpired(known.exp, nowMs)) return known
        verified.delete(token)
        return 'expired'
      }
      const opened = codec.open(token, nowMs)
      return opened instanceof Promise
        ? opened.then((result) => remember(token, result))
        : remember(token, opened)
    },
  }
}
