import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intervalPlace, mannWhitneyDistribution, shiftBetween } from '#bench/statistics/rank-sum.ts'

/** U of every way to place n values among m + n, counted one by one. */
function bruteForce(m: number, n: number): number[] {
  const counts = new Array<number>(m * n + 1).fill(0)
  // Sequences of a's and b's: a raises what lies below, b takes it; those that end in a's are counted once.
  const walk = (as: number, bs: number, below: number, u: number): void => {
    if (as === 0 && bs === 0) counts[u] = (counts[u] ?? 0) + 1
    if (as > 0) walk(as - 1, bs, below + 1, u)
    if (bs > 0) walk(as, bs - 1, below, u + below)
  }
  walk(m, n, 0, 0)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / total)
}

describe('the Mann–Whitney distribution', () => {
  it('is what counting every placement gives', () => {
    for (const [m, n] of [
      [1, 1],
      [2, 3],
      [4, 4],
      [5, 3],
      [6, 6],
    ] as const) {
      const exact = mannWhitneyDistribution(m, n)
      const counted = bruteForce(m, n)
      expect(exact).toHaveLength(m * n + 1)
      for (const [u, probability] of counted.entries()) expect(exact[u]).toBeCloseTo(probability, 12)
    }
  })

  it('places the ends of the interval where tables do', () => {
    expect(intervalPlace(8, 8)).toBe(14)
    expect(intervalPlace(5, 5)).toBe(3)
    expect(intervalPlace(3, 3)).toBe(0)
  })
})

describe('the shift between two samples', () => {
  it('is found, with an interval around it', () => {
    const a = [10, 11, 12, 13, 14, 15, 16, 17]
    const { estimate, interval } = shiftBetween(
      a,
      a.map((value) => value + 5),
    )
    expect(estimate).toBe(5)
    expect(interval?.[0]).toBeLessThan(5)
    expect(interval?.[1]).toBeGreaterThan(5)
  })

  it('has no interval where there are too few values, and wants at least one of each', () => {
    expect(shiftBetween([1, 2, 3], [4, 5, 6]).interval).toBeNull()
    expect(() => shiftBetween([], [1])).toThrow(RangeError)
  })

  it('turns its sign when the samples change places', () => {
    const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 8, maxLength: 12 })
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const there = shiftBetween(a, b)
        const back = shiftBetween(b, a)
        expect(back.estimate).toBeCloseTo(-there.estimate, 6)
        expect(back.interval?.[0]).toBeCloseTo(-(there.interval?.[1] ?? Number.NaN), 6)
      }),
    )
  })
})
