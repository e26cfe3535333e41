import { describe, expect, it } from 'vitest'
import { passwordChange } from '#bench/check/password-change.ts'
import { everywhere, judged, login, REFUSED, written } from './written-history.ts'

const change = [
  10,
  20,
  everywhere('password', { password: 'p1', nextPassword: 'p2', issued: { credential: 'n/1', login: 'n' } }),
] as const
const first = [0, 5, { ...login('a'), password: 'p1' }] as const

describe('password-change', () => {
  it('rejects a login with the old password, in every mode, and an old login that lives on', () => {
    const again = written([first, change, [21, 25, { ...login('b'), password: 'p1' }]])
    expect(judged(passwordChange, again, 'jwt')).toMatchObject({ verdict: 'invalid', broken: 1 })
    const old = written([first, change, [21, 22, { op: 'lookup', credential: 'a/1' }]])
    expect(judged(passwordChange, old)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts the login that goes on, the new password, and refusals of the old ones', () => {
    const history = written([
      first,
      change,
      [21, 22, { op: 'lookup', credential: 'n/1' }],
      [23, 24, { ...login('b'), password: 'p2' }],
      [25, 26, { op: 'lookup', credential: 'a/1', ...REFUSED }],
      [27, 28, { op: 'login', password: 'p1', ...REFUSED }],
    ])
    expect(judged(passwordChange, history)).toMatchObject({ verdict: 'valid', tested: 2 })
  })

  it('cannot say anything without an acknowledged change', () => {
    expect(judged(passwordChange, written([first])).verdict).toBe('unknown')
  })
})
