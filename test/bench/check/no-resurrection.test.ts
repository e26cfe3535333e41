import { describe, expect, it } from 'vitest'
import { noResurrection } from '#bench/check/no-resurrection.ts'
import { judged, login, logout, REFUSED, written } from './written-history.ts'

const lookup = { op: 'lookup', credential: 'a/1' } as const

describe('no-resurrection', () => {
  it('rejects an accept by a node that had refused the revoked login, within the bound too', () => {
    const history = written([
      [0, 5, login('a')],
      [10, 12, logout('a')],
      [13, 14, { ...lookup, ...REFUSED }],
      [15, 16, lookup],
    ])
    const result = judged(noResurrection, history, 'redis-cached')
    expect(result).toMatchObject({ verdict: 'invalid', broken: 1 })
    expect(result.evidence).toHaveLength(4)
  })

  it('accepts refusals, and another node that has not heard of it yet', () => {
    const history = written([
      [0, 5, login('a')],
      [10, 12, logout('a')],
      [13, 14, { ...lookup, ...REFUSED }],
      [15, 16, { ...lookup, node: 'n2' }],
      [17, 18, { ...lookup, ...REFUSED }],
    ])
    expect(judged(noResurrection, history, 'redis-cached')).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it('cannot say anything where no node was asked twice', () => {
    const history = written([
      [0, 5, login('a')],
      [10, 12, logout('a')],
      [13, 14, { ...lookup, ...REFUSED }],
    ])
    expect(judged(noResurrection, history).verdict).toBe('unknown')
  })
})
