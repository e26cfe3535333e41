import { describe, expect, it } from 'vitest'
import { epochForward } from '#bench/check/epoch-forward.ts'
import { everywhere, judged, login, written } from './written-history.ts'

describe('epoch-forward', () => {
  it('rejects an epoch that went back, and one that a revocation left as it was', () => {
    const back = written([
      [0, 5, login('a', { epoch: 7 })],
      [6, 9, login('b', { epoch: 6 })],
    ])
    expect(judged(epochForward, back)).toMatchObject({ verdict: 'invalid', broken: 1 })
    const same = written([
      [0, 5, login('a', { epoch: 7 })],
      [6, 7, everywhere()],
      [8, 9, login('b', { epoch: 7 })],
    ])
    expect(judged(epochForward, same)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts epochs that stay or grow, in any order while they overlap', () => {
    const history = written([
      [0, 9, login('a', { epoch: 8 })],
      [1, 5, login('b', { epoch: 7 })],
      [10, 11, everywhere()],
      [12, 13, login('d', { epoch: 9 })],
    ])
    expect(judged(epochForward, history)).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it('cannot say anything where no credential shows one', () => {
    expect(
      judged(
        epochForward,
        written([
          [0, 5, login('a')],
          [6, 9, login('b')],
        ]),
      ).verdict,
    ).toBe('unknown')
  })
})
