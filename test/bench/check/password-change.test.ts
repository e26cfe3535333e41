import { describe, expect, it } from 'vitest'
import { passwordChange } from '#bench/check/password-change.ts'
import { everywhere, judged, login, REFUSED, UNSURE, written } from './written-history.ts'

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

  it('rejects a login by the old password that overlaps the change and lives on: the password says which came first', () => {
    const raced = [8, 25, { ...login('b'), password: 'p1' }] as const
    const use = [30, 31, { op: 'lookup', credential: 'b/1' }] as const
    const history = written([first, change, raced, use])
    const result = judged(passwordChange, history)
    expect(result).toMatchObject({ verdict: 'invalid', broken: 1 })
    expect(result.evidence.map(({ op }) => op)).toEqual(['login', 'password', 'lookup'])
    expect(judged(passwordChange, history, 'jwt').verdict).toBe('unknown')
    const ended = [30, 31, { op: 'lookup', credential: 'b/1', ...REFUSED }] as const
    expect(judged(passwordChange, written([first, change, raced, ended])).verdict).toBe('valid')
  })

  it('says nothing of a login that overlaps the change otherwise: by the new password, or when the old one may be back', () => {
    const use = [40, 41, { op: 'lookup', credential: 'b/1' }] as const
    const byNew = written([first, change, [12, 25, { ...login('b'), password: 'p2' }], use])
    expect(judged(passwordChange, byNew).verdict).toBe('unknown')
    const back = everywhere('password', { password: 'p2', nextPassword: 'p1' })
    const byOld = [8, 35, { ...login('b'), password: 'p1' }] as const
    for (const more of [{}, UNSURE]) {
      const history = written([first, change, [15, 30, { ...back, ...more }], byOld, use])
      expect(judged(passwordChange, history).verdict).toBe('unknown')
    }
    const later = [32, 33, { ...login('c'), password: 'p1' }] as const
    expect(judged(passwordChange, written([first, change, [21, 30, back], later])).verdict).toBe('unknown')
  })

  it('cannot say anything without an acknowledged change', () => {
    expect(judged(passwordChange, written([first])).verdict).toBe('unknown')
  })
})
