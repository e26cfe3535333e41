import { describe, expect, it } from 'vitest'
import { rightUser } from '#bench/check/right-user.ts'
import { judged, login, REFUSED, written } from './written-history.ts'

const lookup = { op: 'lookup', credential: 'a/1' } as const

describe('right-user', () => {
  it('rejects an answer that names somebody else, however it was counted', () => {
    for (const wrong of [{ saw: 'v' }, { outcome: 'wrong_user' }] as const) {
      const history = written([
        [0, 5, login('a')],
        [6, 7, { ...lookup, ...wrong }],
      ])
      expect(judged(rightUser, history)).toMatchObject({ verdict: 'invalid', broken: 1 })
    }
  })

  it('accepts answers that name who asked', () => {
    const history = written([
      [0, 5, login('a')],
      [6, 7, { ...lookup, saw: 'u' }],
    ])
    expect(judged(rightUser, history)).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it('cannot say anything where nobody was named', () => {
    expect(judged(rightUser, written([[6, 7, { ...lookup, ...REFUSED }]])).verdict).toBe('unknown')
  })
})
