import { describe, expect, it } from 'vitest'
import { noFalseLogout } from '#bench/check/no-false-logout.ts'
import { judged, login, logout, REFUSED, written } from './written-history.ts'

const lookup = { op: 'lookup', credential: 'a/1' } as const
const family = login('a', { refreshToken: 'f.1' })
const refresh = (place: number) =>
  ({
    op: 'refresh',
    refreshToken: `f.${place}`,
    issued: { credential: `r${place}/1`, login: `r${place}`, refreshToken: `f.${place + 1}` },
  }) as const
const refusedRefresh = (place: number) => ({ op: 'refresh', refreshToken: `f.${place}`, ...REFUSED }) as const

describe('no-false-logout', () => {
  it('rejects a refusal of one login because another one of the same user was logged out', () => {
    const history = written([
      [0, 5, login('a')],
      [0, 5, login('b')],
      [10, 12, logout('b')],
      [13, 14, { ...lookup, ...REFUSED }],
      [15, 16, lookup],
    ])
    expect(judged(noFalseLogout, history)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('rejects a refusal of the refresh token that the second of two tabs presents', () => {
    const history = written([
      [0, 5, family],
      [10, 14, refresh(1)],
      [11, 15, refusedRefresh(1)],
    ])
    expect(judged(noFalseLogout, history)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts refusals of a refresh token that may have been taken for a stolen one', () => {
    const reused = written([
      [0, 5, family],
      [10, 11, refresh(1)],
      [12, 13, refresh(2)],
      [14, 15, refusedRefresh(1)],
    ])
    const late = written([
      [0, 5, family],
      [10, 11, refresh(1)],
      [10_020, 10_021, refusedRefresh(1)],
    ])
    for (const history of [reused, late])
      expect(judged(noFalseLogout, history)).toMatchObject({ verdict: 'valid', broken: 0 })
  })

  it('accepts a refusal that a logout under way explains', () => {
    const history = written([
      [0, 5, login('a')],
      [6, 7, lookup],
      [10, 20, logout('a')],
      [11, 12, { ...lookup, ...REFUSED }],
    ])
    expect(judged(noFalseLogout, history)).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it('accepts that a refresh token went with a logout whose credential was refused, and with no other login’s', () => {
    const out = (name: string, ended: string) => ({
      ...logout(name),
      revokes: { reach: 'login', target: name, family: ended } as const,
      ...REFUSED,
    })
    const history = (ended: string) =>
      written([
        [0, 5, family],
        [6, 7, refresh(1)],
        [10, 12, out('a', ended)],
        [13, 14, refusedRefresh(2)],
      ])
    expect(judged(noFalseLogout, history('f'))).toMatchObject({ verdict: 'valid', tested: 1 })
    expect(judged(noFalseLogout, history('g'))).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts that a refresh token went with a login for which there may have been one too many', () => {
    const history = (limit: number) =>
      written(
        [
          [0, 5, family],
          [10, 12, login('b')],
          [13, 14, refusedRefresh(1)],
        ],
        { sessionsPerUser: limit },
      )
    expect(judged(noFalseLogout, history(1)).broken).toBe(0)
    expect(judged(noFalseLogout, history(2))).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('cannot say anything where the balancer leads by chance, or a node was asked that does not hold the session', () => {
    const history = written([
      [0, 5, login('a')],
      [6, 7, { ...lookup, ...REFUSED, via: 'node' }],
    ])
    expect(judged(noFalseLogout, history, 'local').verdict).toBe('unknown')
    expect(judged(noFalseLogout, history, 'sticky').verdict).toBe('unknown')
    expect(judged(noFalseLogout, history, 'redis').verdict).toBe('invalid')
  })
})
