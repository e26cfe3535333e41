import { describe, expect, it } from 'vitest'
import { refreshOnce } from '#bench/check/refresh-once.ts'
import { judged, REFUSED, written } from './written-history.ts'

const refresh = (place: number, next = `f.${place + 1}`) =>
  ({
    op: 'refresh',
    refreshToken: `f.${place}`,
    issued: { credential: 'r/1', login: 'r', refreshToken: next },
  }) as const
const refused = (place: number) => ({ op: 'refresh', refreshToken: `f.${place}`, ...REFUSED }) as const

describe('refresh-once', () => {
  it('rejects two successors of one token', () => {
    const history = written([
      [0, 5, refresh(1, 'f.2')],
      [1, 6, refresh(1, 'f.3')],
    ])
    expect(judged(refreshOnce, history)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('rejects a token that is good again after its grace', () => {
    const history = written([
      [0, 5, refresh(1)],
      [10_006, 10_007, refresh(1)],
    ])
    expect(judged(refreshOnce, history)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('rejects a family that goes on after a token was used again', () => {
    const history = written([
      [0, 5, refresh(1)],
      [6, 7, refresh(2)],
      [8, 9, refused(1)],
      [10, 11, refresh(3)],
    ])
    const result = judged(refreshOnce, history)
    expect(result).toMatchObject({ verdict: 'invalid', broken: 1 })
    expect(result.evidence.map(({ refreshToken }) => refreshToken)).toEqual(['f.2', 'f.1', 'f.3'])
  })

  it('rejects a family that goes on after a token was used again when its grace was over', () => {
    const history = written([
      [0, 5, refresh(1)],
      [10_006, 10_007, refused(1)],
      [10_010, 10_011, refresh(2)],
    ])
    const result = judged(refreshOnce, history)
    expect(result).toMatchObject({ verdict: 'invalid', broken: 1 })
    expect(result.evidence.map(({ refreshToken }) => refreshToken)).toEqual(['f.1', 'f.1', 'f.2'])
  })

  it('lets a family live whose token was refused while the grace may have lasted, or where no grace is told', () => {
    const operations = [
      [0, 5, refresh(1)],
      [10_005, 10_007, refused(1)],
      [10_010, 10_011, refresh(2)],
    ] as const
    expect(judged(refreshOnce, written(operations)).verdict).toBe('valid')
    const { header: _, ...untold } = written([operations[0], [60_000, 60_001, refused(1)], operations[2]])
    expect(judged(refreshOnce, { header: undefined, ...untold }).verdict).toBe('valid')
  })

  it('expects of a node that does not hold the family neither its end nor anything else', () => {
    const stolen = (node: string) =>
      written([
        [0, 5, refresh(1)],
        [6, 7, refresh(2)],
        [8, 9, { ...refused(1), reason: 'unknown', node }],
        [10, 11, refresh(3)],
      ])
    expect(judged(refreshOnce, stolen('n2'), 'local')).toMatchObject({ verdict: 'unknown', broken: 0 })
    expect(judged(refreshOnce, stolen('n1'), 'local')).toMatchObject({ verdict: 'invalid', broken: 1 })
    expect(judged(refreshOnce, stolen('n2'), 'redis')).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts the same successor twice within the grace, and a family that ends with its reuse', () => {
    const history = written([
      [0, 5, refresh(1)],
      [1, 6, refresh(1)],
      [7, 8, refresh(2)],
      [9, 10, refused(1)],
      [11, 12, refused(3)],
    ])
    expect(judged(refreshOnce, history)).toMatchObject({ verdict: 'valid', broken: 0 })
  })

  it('cannot say anything where each token was used once', () => {
    const history = written([
      [0, 5, refresh(1)],
      [6, 7, refresh(2)],
    ])
    expect(judged(refreshOnce, history).verdict).toBe('unknown')
  })

  it('cannot say anything where no token was accepted', () => {
    expect(judged(refreshOnce, written([[0, 1, refused(1)]])).verdict).toBe('unknown')
  })
})
