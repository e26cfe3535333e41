import { describe, expect, test } from 'vitest'
import type { RefusalReason } from '#contract/reasons.ts'
import type { AccessClaims } from '#services/auth/tokens/claims.ts'
import { withVerifiedCache } from '#services/auth/tokens/verified-cache.ts'
import { CLAIMS, NOW_MS, NOW_S } from './forge.ts'

/** A codec that says what it was asked; the text of a token is the name of its user, `bad` is refused. */
function counting(claims: Partial<AccessClaims> = {}) {
  const asked: string[] = []
  const codec = {
    seal: async () => '',
    open(token: string): AccessClaims | RefusalReason {
      asked.push(token)
      return token === 'bad' ? 'signature' : ({ ...CLAIMS, ...claims, sub: token } as AccessClaims)
    },
  }
  return { codec, asked }
}

describe('a cache of verified tokens', () => {
  test('spares the second check and answers the same', async () => {
    const { codec, asked } = counting()
    const cached = withVerifiedCache(codec, 10)
    expect(await cached.open('ann', NOW_MS)).toMatchObject({ sub: 'ann' })
    expect(await cached.open('ann', NOW_MS)).toMatchObject({ sub: 'ann' })
    expect(await cached.open('bob', NOW_MS)).toMatchObject({ sub: 'bob' })
    expect(asked).toEqual(['ann', 'bob'])
  })

  test('holds as many as it may, and forgets the oldest', async () => {
    const { codec, asked } = counting()
    const cached = withVerifiedCache(codec, 2)
    for (const token of ['a', 'b', 'c', 'b', 'c', 'a']) await cached.open(token, NOW_MS)
    expect(asked).toEqual(['a', 'b', 'c', 'a'])
  })

  test('never answers past the end of a token', async () => {
    const { codec, asked } = counting({ exp: NOW_S + 60 })
    const cached = withVerifiedCache(codec, 2)
    await cached.open('ann', NOW_MS)
    expect(await cached.open('ann', NOW_MS + 59_000)).toMatchObject({ sub: 'ann' })
    expect(await cached.open('ann', NOW_MS + 60_000)).toBe('expired')
    expect(asked).toEqual(['ann'])
  })

  test('does not remember what was refused', async () => {
    const { codec, asked } = counting()
    const cached = withVerifiedCache(codec, 2)
    expect(await cached.open('bad', NOW_MS)).toBe('signature')
    expect(await cached.open('bad', NOW_MS)).toBe('signature')
    expect(asked).toEqual(['bad', 'bad'])
  })

  test('leaves it to the check when the clock was set back before the token was made', async () => {
    const { codec, asked } = counting({ iat: NOW_S })
    const cached = withVerifiedCache(codec, 2)
    await cached.open('ann', NOW_MS)
    await cached.open('ann', NOW_MS - 3_600_000)
    expect(asked).toEqual(['ann', 'ann'])
  })
})
