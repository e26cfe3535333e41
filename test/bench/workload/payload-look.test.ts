import { describe, expect, it } from 'vitest'
import { claimsOf, looksOver, withClaims } from '#bench/workload/payload-look.ts'
import type { Credential } from '#contract/node-admin.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const bearer = (token: string): Credential => ({
  userId: 'user-1',
  headers: { authorization: `Bearer ${token}` },
})
const token = (claims: unknown) => bearer(`${encode({ alg: 'HS256' })}.${encode(claims)}.c2ln`)

describe('a client’s look at its own token', () => {
  it('reads the claims, and calls it over from the second that exp names', () => {
    expect(claimsOf(token({ exp: 100 }))).toEqual({ exp: 100 })
    expect(looksOver(token({ exp: 100 }), 99_999)).toBe(false)
    expect(looksOver(token({ exp: 100 }), 100_000)).toBe(true)
  })

  it('finds nothing in a cookie, in an encrypted token and in what is no token, and then lets everything go', () => {
    const unreadable: Credential[] = [
      { userId: 'user-1', headers: { cookie: 'stillin_session=e30.e30.e30' } },
      { userId: 'user-1', headers: {} },
      bearer('a.b.c.d.e'),
      bearer('a.b.c'),
      token('text'),
      token(null),
    ]
    for (const credential of unreadable) {
      expect(claimsOf(credential)).toBeUndefined()
      expect(looksOver(credential, Number.MAX_SAFE_INTEGER)).toBe(false)
      expect(withClaims(credential, { exp: 1 })).toEqual(credential)
    }
    for (const exp of [undefined, '100', null])
      expect(looksOver(token({ exp }), Number.MAX_SAFE_INTEGER)).toBe(false)
  })

  it('can write other claims into it, and has no other signature for them', () => {
    const altered = withClaims(token({ exp: 100, role: 'user' }), { role: 'admin' })
    expect(claimsOf(altered)).toEqual({ exp: 100, role: 'admin' })
    expect(altered.headers['authorization']).toMatch(/\.c2ln$/)
  })
})
