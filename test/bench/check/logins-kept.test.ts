import { describe, expect, it } from 'vitest'
import { loginsKept } from '#bench/check/logins-kept.ts'
import { everywhere, judged, login, logout, REFUSED, UNSURE, written } from './written-history.ts'

const lookup = { op: 'lookup', credential: 'a/1' } as const
const gone = { ...lookup, ...REFUSED }

describe('logins-kept', () => {
  it('rejects a login that is refused at last while nothing ended it', () => {
    const history = written([
      [0, 5, login('a')],
      [6, 7, lookup],
      [8, 9, gone],
    ])
    expect(judged(loginsKept, history)).toMatchObject({ verdict: 'invalid', tested: 1, broken: 1 })
  })

  it('accepts a login that was ended: by a logout, perhaps by a lost one, by its expiry, by the limit', () => {
    const ends = [
      written([
        [0, 5, login('a')],
        [6, 7, lookup],
        [8, 9, logout('a')],
        [10, 11, gone],
      ]),
      written([
        [0, 5, login('a')],
        [6, 7, lookup],
        [8, 9, everywhere('ban', UNSURE)],
        [90, 91, gone],
      ]),
      written([
        [0, 5, login('a', { livesS: 3 })],
        [6, 7, lookup],
        [2_500, 2_501, gone],
      ]),
      written(
        [
          [0, 5, login('a')],
          [6, 7, lookup],
          [8, 9, login('b')],
          [10, 11, gone],
        ],
        { sessionsPerUser: 1 },
      ),
    ]
    for (const history of ends) expect(judged(loginsKept, history)).toMatchObject({ verdict: 'valid' })
  })

  it('excuses a refusal by any login that may have been made, whose answer was lost, where a limit ends the oldest', () => {
    for (const op of ['login', 'seed', 'claim', 'refresh', 'password'] as const) {
      const history = written(
        [
          [0, 5, login('a')],
          [6, 7, lookup],
          [8, 9, { op, ...UNSURE }],
          [10, 11, gone],
        ],
        { sessionsPerUser: 1 },
      )
      expect(judged(loginsKept, history), op).toMatchObject({ verdict: 'valid', tested: 1 })
    }
  })

  it('takes the death of a node for an end where the mode promises no survival', () => {
    const kill = { op: 'kill', user: '', node: 'n2' } as const
    const history = written([
      [0, 5, login('a')],
      [6, 7, lookup],
      [8, 9, kill],
      [10, 11, gone],
    ])
    expect(judged(loginsKept, history, 'sticky').verdict).toBe('valid')
    expect(judged(loginsKept, history, 'redis').verdict).toBe('invalid')
  })

  it('cannot say anything of a login that nobody used, or where the mode promises nothing', () => {
    expect(judged(loginsKept, written([[0, 5, login('a')]])).verdict).toBe('unknown')
    expect(
      judged(
        loginsKept,
        written([
          [0, 5, login('a')],
          [6, 7, gone],
        ]),
        'local',
      ).verdict,
    ).toBe('unknown')
  })
})
