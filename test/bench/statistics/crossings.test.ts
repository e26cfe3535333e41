import { describe, expect, it } from 'vitest'
import { type RatioAt, signChanges } from '#bench/statistics/crossings.ts'

function place(at: number, ratio: number, claimed = true, spread = 1.1): RatioAt {
  return { at, ratio, interval: [ratio / spread, ratio * spread], claimed }
}

describe('a change of sign', () => {
  it('is interpolated between neighbours whose signs are claimed, in the logarithm of the ratio', () => {
    const [change, ...others] = signChanges([place(0, 0.5), place(100, 2)])
    expect(others).toEqual([])
    expect(change).toMatchObject({ rises: true, between: [0, 100] })
    expect(change?.at?.estimate).toBeCloseTo(50)
    const [low, high] = change?.at?.interval ?? []
    // ln 1.1 of each end moves the place by that part of ln 4.
    expect(low).toBeCloseTo(50 - (100 * Math.log(1.1)) / Math.log(4))
    expect(high).toBeCloseTo(50 + (100 * Math.log(1.1)) / Math.log(4))
  })

  it('is not interpolated across a place at which nothing is told apart', () => {
    const found = signChanges([place(0, 0.5), place(10, 1.4, false), place(20, 2)])
    expect(found).toEqual([{ rises: true, between: [0, 20], at: null }])
  })

  it('is none where one side is not claimed, or the sign stays', () => {
    expect(signChanges([place(0, 0.5), place(10, 2, false)])).toEqual([])
    expect(signChanges([place(0, 0.5), place(10, 0.9)])).toEqual([])
    expect(signChanges([])).toEqual([])
  })

  it('never lies outside the two places, however wide the intervals', () => {
    const [change] = signChanges([place(0, 0.9, true, 5), place(10, 1.1, true, 5)])
    const [low = -1, high = 11] = change?.at?.interval ?? []
    expect(low).toBeGreaterThanOrEqual(0)
    expect(high).toBeLessThanOrEqual(10)
  })

  it('is found every time it happens', () => {
    const found = signChanges([place(0, 0.5), place(1, 2), place(2, 0.5)])
    expect(found.map(({ rises }) => rises)).toEqual([true, false])
  })
})
