import { describe, expect, it } from 'vitest'
import { sessionLimit } from '#bench/check/session-limit.ts'
import { judged, login, REFUSED, UNSURE, written } from './written-history.ts'

const lookup = (name: string) => ({ op: 'lookup', credential: `${name}/1` }) as const
const LIMIT = { sessionsPerUser: 1 }

describe('session-limit', () => {
  it('rejects two sessions that are accepted at rest where one is allowed, and a count that says so', () => {
    const both = [
      [0, 5, login('a')],
      [1, 6, login('b')],
    ] as const
    const seen = written([...both, [7, 8, lookup('a')], [9, 10, lookup('b')]], LIMIT)
    expect(judged(sessionLimit, seen)).toMatchObject({ verdict: 'invalid', broken: 1 })
    const counted = written([...both, [7, 8, { op: 'sessions', credential: 'b/1', sessions: 2 }]], LIMIT)
    expect(judged(sessionLimit, counted)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts the session that took the other one’s place', () => {
    const history = written(
      [
        [0, 5, login('a')],
        [6, 7, lookup('a')],
        [8, 9, login('b')],
        [10, 11, { ...lookup('a'), ...REFUSED }],
        [12, 13, lookup('b')],
      ],
      LIMIT,
    )
    expect(judged(sessionLimit, history)).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it('cannot say anything of a user who never began more than may live at once', () => {
    const history = written(
      [
        [0, 5, login('a')],
        [7, 8, lookup('a')],
      ],
      LIMIT,
    )
    expect(judged(sessionLimit, history).verdict).toBe('unknown')
  })

  it('cannot say anything while a login is under way, after a lost one, or without a limit', () => {
    const busy = written(
      [
        [0, 50, login('a')],
        [1, 6, login('b')],
        [7, 8, lookup('b')],
      ],
      LIMIT,
    )
    const lost = written(
      [
        [0, 5, { ...login('a'), ...UNSURE }],
        [7, 8, lookup('b')],
      ],
      LIMIT,
    )
    const free = written([
      [0, 5, login('a')],
      [7, 8, lookup('a')],
    ])
    for (const history of [busy, lost, free]) expect(judged(sessionLimit, history).verdict).toBe('unknown')
    expect(
      judged(
        sessionLimit,
        written(
          [
            [0, 5, login('a')],
            [7, 8, lookup('a')],
          ],
          LIMIT,
        ),
        'jwt',
      ).verdict,
    ).toBe('unknown')
  })
})
