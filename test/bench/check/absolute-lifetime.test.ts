import { describe, expect, it } from 'vitest'
import { absoluteLifetime } from '#bench/check/absolute-lifetime.ts'
import { judged, login, REFUSED, UNSURE, written } from './written-history.ts'

const lookup = { op: 'lookup', credential: 'a/1' } as const
const mayfly = [0, 5, login('a', { livesS: 2, refreshToken: 'f.1' })] as const

describe('absolute-lifetime', () => {
  it('rejects a login that is accepted, or renewed, after its end', () => {
    const late = written([mayfly, [2_006, 2_007, lookup]])
    expect(judged(absoluteLifetime, late)).toMatchObject({ verdict: 'invalid', broken: 1 })
    const renewed = written([mayfly, [6_006, 6_007, { op: 'refresh', refreshToken: 'f.4' }]], { refreshS: 6 })
    expect(judged(absoluteLifetime, renewed)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts uses before the end and refusals after it', () => {
    const history = written([mayfly, [1_900, 1_901, lookup], [2_006, 2_007, { ...lookup, ...REFUSED }]])
    expect(judged(absoluteLifetime, history)).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it('cannot say anything where nobody was answered after the end', () => {
    const late = written([mayfly, [2_006, 2_007, { ...lookup, ...UNSURE }]])
    expect(judged(absoluteLifetime, late).verdict).toBe('unknown')
  })

  it('cannot say anything where nobody came after the end', () => {
    expect(judged(absoluteLifetime, written([mayfly, [6, 7, lookup]])).verdict).toBe('unknown')
  })
})
