import { describe, expect, it } from 'vitest'
import { failClosed } from '#bench/check/fail-closed.ts'
import { judged, login, REFUSED, UNSURE, written } from './written-history.ts'

const silence = [10, 3_000, { op: 'silence', user: '', node: 'redis' }] as const
const lookup = { op: 'lookup', credential: 'a/1' } as const

describe('fail-closed', () => {
  it('rejects an accept within the silence of the store that decides, and a refusal that only it could give', () => {
    const open = written([[0, 5, login('a')], silence, [20, 220, lookup]])
    expect(judged(failClosed, open)).toMatchObject({ verdict: 'invalid', broken: 1 })
    const closed = written([
      [0, 5, login('a')],
      silence,
      [20, 220, { ...lookup, ...REFUSED, reason: 'unknown' }],
    ])
    expect(judged(failClosed, closed)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts 503, and what was under way when the silence began or ended', () => {
    const history = written([
      [0, 5, login('a')],
      silence,
      [9, 12, lookup],
      [20, 220, { ...lookup, outcome: '503_store', certainty: 'fail', reason: 'store_unavailable' }],
      [2_900, 3_010, lookup],
    ])
    expect(judged(failClosed, history)).toMatchObject({ verdict: 'valid', tested: 1 })
  })

  it('lets a distributed mode vouch until its bound', () => {
    const history = (at: number) => written([[0, 5, login('a')], silence, [at, at + 1, lookup]])
    expect(judged(failClosed, history(1_010), 'jwt-pushed').verdict).toBe('valid')
    expect(judged(failClosed, history(1_011), 'jwt-pushed').verdict).toBe('invalid')
  })

  it('holds a mode that asks its store for transfers alone to these', () => {
    const transfer = { op: 'transfer', credential: 'a/1' } as const
    const silent = (...more: Parameters<typeof written>[0]) => written([[0, 5, login('a')], silence, ...more])
    const unavailable = { outcome: '503_store', certainty: 'fail', reason: 'store_unavailable' } as const
    const judge = (history: ReturnType<typeof written>) => judged(failClosed, history, 'jwt-hybrid')
    expect(judge(silent([20, 220, transfer]))).toMatchObject({ verdict: 'invalid', broken: 1 })
    expect(judge(silent([20, 220, { ...transfer, ...REFUSED }]))).toMatchObject({ verdict: 'invalid' })
    expect(judge(silent([20, 220, { ...transfer, ...unavailable }], [30, 31, lookup]))).toMatchObject({
      verdict: 'valid',
      tested: 1,
    })
    expect(judge(silent([30, 31, lookup])).verdict).toBe('unknown')
    expect(judged(failClosed, silent([20, 220, transfer]), 'jwt').verdict).toBe('unknown')
  })

  it('cannot say anything where nobody was answered during the silence', () => {
    const history = written([
      [0, 5, login('a')],
      silence,
      [20, 220, { ...lookup, ...UNSURE }],
      [30, 31, { ...lookup, outcome: 'connect_refused', certainty: 'fail', reason: 'ECONNREFUSED' }],
    ])
    expect(judged(failClosed, history).verdict).toBe('unknown')
  })

  it('cannot say anything without a silence, or of a mode that asks no store', () => {
    expect(
      judged(
        failClosed,
        written([
          [0, 5, login('a')],
          [6, 7, lookup],
        ]),
      ).verdict,
    ).toBe('unknown')
    expect(judged(failClosed, written([[0, 5, login('a')], silence, [20, 21, lookup]]), 'jwt').verdict).toBe(
      'unknown',
    )
  })
})
