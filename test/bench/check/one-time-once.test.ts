import { describe, expect, it } from 'vitest'
import { oneTimeOnce } from '#bench/check/one-time-once.ts'
import { judged, REFUSED, UNSURE, written } from './written-history.ts'

const claim = { op: 'claim', secret: 'link-1' } as const

describe('one-time-once', () => {
  it('rejects a link that two requests got', () => {
    const result = judged(
      oneTimeOnce,
      written([
        [0, 5, claim],
        [1, 4, { ...claim, node: 'n2' }],
      ]),
    )
    expect(result).toMatchObject({ verdict: 'invalid', broken: 1 })
    expect(result.evidence).toHaveLength(2)
  })

  it('accepts one success, and does not count a claim whose answer was lost', () => {
    const history = written([
      [0, 5, claim],
      [1, 4, { ...claim, ...REFUSED }],
      [2, 9, { ...claim, ...UNSURE }],
    ])
    expect(judged(oneTimeOnce, history)).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it('cannot say anything where each was tried once: nothing could have broken the promise', () => {
    const once = written([
      [0, 5, claim],
      [6, 7, { ...claim, secret: 'link-2' }],
      [8, 9, { ...claim, ...UNSURE }],
    ])
    expect(judged(oneTimeOnce, once).verdict).toBe('unknown')
  })

  it('cannot say anything where nobody got one', () => {
    expect(judged(oneTimeOnce, written([[0, 5, { ...claim, ...REFUSED }]])).verdict).toBe('unknown')
  })
})
