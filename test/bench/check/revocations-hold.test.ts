import { describe, expect, it } from 'vitest'
import { revocationsHold } from '#bench/check/revocations-hold.ts'
import { everywhere, judged, login, logout, REFUSED, UNSURE, written } from './written-history.ts'

const lookup = { op: 'lookup', credential: 'a/1' } as const

describe('revocations-hold', () => {
  it('rejects an accept that was sent after the logout’s acknowledgement, and quotes login, logout and accept', () => {
    const history = written([
      [0, 5, login('a')],
      [10, 12, logout('a')],
      [12.5, 13, { ...lookup, node: 'n2' }],
    ])
    const result = judged(revocationsHold, history)
    expect(result).toMatchObject({ verdict: 'invalid', tested: 1, broken: 1 })
    expect(result.evidence.map(({ op, node }) => [op, node])).toEqual([
      ['login', 'n1'],
      ['logout', 'n1'],
      ['lookup', 'n2'],
    ])
  })

  it('accepts an accept that was under way when the logout was acknowledged, and refusals after it', () => {
    const history = written([
      [0, 5, login('a')],
      [10, 12, logout('a')],
      [11, 20, lookup],
      [21, 22, { ...lookup, ...REFUSED }],
    ])
    expect(judged(revocationsHold, history)).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it.each([
    [
      'the logout’s answer was lost',
      written([
        [0, 5, login('a')],
        [10, 12, logout('a', UNSURE)],
        [30, 31, lookup],
      ]),
    ],
    [
      'nobody asked afterwards',
      written([
        [0, 5, login('a')],
        [10, 12, logout('a')],
      ]),
    ],
  ])('cannot say anything where %s', (_why, history) => {
    expect(judged(revocationsHold, history).verdict).toBe('unknown')
  })

  it('cannot say anything of a mode that promises no bound', () => {
    const history = written([
      [0, 5, login('a')],
      [10, 12, logout('a')],
      [30, 31, lookup],
    ])
    for (const mode of ['jwt', 'cookie', 'local', 'redis-stock'] as const)
      expect(judged(revocationsHold, history, mode).verdict).toBe('unknown')
  })

  it('holds a mode to its bound, or to the one it was set to, and not to less', () => {
    const history = (at: number) =>
      written([
        [0, 5, login('a')],
        [10, 12, logout('a')],
        [at, at + 1, lookup],
      ])
    expect(judged(revocationsHold, history(1012), 'jwt-pushed').verdict).toBe('unknown')
    expect(judged(revocationsHold, history(1013), 'jwt-pushed').verdict).toBe('invalid')
    const short = {
      ...history(213),
      header: { history: 1, mode: 'jwt-pushed', seed: 1, nodes: 3, boundMs: 200 },
    } as const
    expect(judged(revocationsHold, short, 'jwt-pushed').verdict).toBe('invalid')
  })

  it('ends every login that was there, or had begun, when everything of the user was revoked', () => {
    for (const op of ['logout-all', 'ban', 'role', 'password'] as const) {
      const before = written([
        [0, 5, login('a')],
        [10, 12, everywhere(op)],
        [13, 14, lookup],
      ])
      expect(judged(revocationsHold, before).verdict).toBe('invalid')
    }
    const overlapping = [10, 20, everywhere()] as const
    const during = written([[5, 15, login('a')], overlapping, [21, 22, lookup]])
    expect(judged(revocationsHold, during).verdict).toBe('unknown')
    const begun = written([[5, 30, { ...login('a'), begunUs: 9_000 }], overlapping, [31, 32, lookup]])
    expect(judged(revocationsHold, begun).verdict).toBe('invalid')
  })

  it('ends a login by the old password that overlaps the change of it, and its refresh tokens', () => {
    const change = everywhere('password', { password: 'p1', nextPassword: 'p2' })
    const raced = { ...login('a', { refreshToken: 'f.1' }), password: 'p1' }
    const history = (use: Parameters<typeof written>[0][number][2], password = 'p1') =>
      written([
        [10, 20, change],
        [8, 25, { ...raced, password }],
        [30, 31, use],
      ])
    expect(judged(revocationsHold, history(lookup)).verdict).toBe('invalid')
    expect(judged(revocationsHold, history(lookup, 'p2')).verdict).toBe('unknown')
    expect(judged(revocationsHold, history({ op: 'refresh', refreshToken: 'f.1' }), 'jwt').verdict).toBe(
      'invalid',
    )
  })

  it('ends the refresh tokens with the login, in modes too whose credential cannot be ended', () => {
    const history = written([
      [0, 5, login('a', { refreshToken: 'f.1' })],
      [10, 12, logout('a', { revokes: { reach: 'login', target: 'a', family: 'f' } })],
      [13, 14, { op: 'refresh', refreshToken: 'f.1' }],
    ])
    expect(judged(revocationsHold, history, 'jwt').verdict).toBe('invalid')
    expect(judged(revocationsHold, history, 'local').verdict).toBe('unknown')
  })

  it('holds jwt-hybrid to its promise for transfers alone', () => {
    const history = (op: 'lookup' | 'transfer') =>
      written([
        [0, 5, login('a')],
        [10, 12, logout('a')],
        [13, 14, { op, credential: 'a/1' }],
      ])
    expect(judged(revocationsHold, history('lookup'), 'jwt-hybrid').verdict).toBe('unknown')
    expect(judged(revocationsHold, history('transfer'), 'jwt-hybrid').verdict).toBe('invalid')
  })
})
