import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signedRankDistribution, signedRankTest } from '#bench/statistics/signed-rank.ts'

/** P(W+) by going through every combination of signs. */
function bruteForce(ranks: readonly number[]): Map<number, number> {
  const ways = new Map<number, number>()
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    const sum = ranks.reduce((total, rank, place) => ((signs >> place) & 1 ? total + rank : total), 0)
    ways.set(sum, (ways.get(sum) ?? 0) + 2 ** -ranks.length)
  }
  return ways
}

test('the null distribution is that of all 2^n signs, for every n up to 12', () => {
  for (let n = 1; n <= 12; n++) {
    const exact = bruteForce(Array.from({ length: n }, (_, index) => index + 1))
    const distribution = signedRankDistribution(n)
    expect(distribution).toHaveLength((n * (n + 1)) / 2 + 1)
    for (const [w, probability] of distribution.entries())
      expect(probability).toBeCloseTo(exact.get(w) ?? 0, 14)
  }
})

test('it sums to one and is symmetric up to the largest n', () => {
  for (const n of [1, 20, 40, 200]) {
    const distribution = signedRankDistribution(n)
    expect(distribution.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9)
    expect(distribution.at(0)).toBe(distribution.at(-1))
    expect(distribution[5]).toBe(distribution.at(-6))
  }
  for (const n of [0, -1, 1.5, 201]) expect(() => signedRankDistribution(n)).toThrow(RangeError)
})

test('p is the share of sign patterns at least as lopsided as the one seen, ties and zeros included', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 10 }), (differences) => {
      const { statistic, n, p } = signedRankTest(differences)
      const kept = differences.filter((difference) => difference !== 0)
      expect(n).toBe(kept.length)
      if (n === 0) {
        expect(p).toBe(1)
        return
      }
      const sizes = kept.map(Math.abs)
      const ranks = sizes.map((size) => {
        const smaller = sizes.filter((other) => other < size).length
        return smaller + (sizes.filter((other) => other === size).length + 1) / 2
      })
      expect(statistic).toBe(
        ranks.reduce((sum, rank, place) => ((kept[place] ?? 0) > 0 ? sum + rank : sum), 0),
      )
      const centre = (n * (n + 1)) / 4
      let expected = 0
      for (const [sum, probability] of bruteForce(ranks))
        if (Math.abs(sum - centre) >= Math.abs(statistic - centre) - 1e-9) expected += probability
      expect(p).toBeCloseTo(Math.min(1, expected), 12)
    }),
    { numRuns: 200 },
  )
})

test('eight rounds that all point one way give the smallest p of eight, 0.0078', () => {
  expect(signedRankTest([1, 2, 3, 4, 5, 6, 7, 8]).p).toBe(0.0078125)
  expect(signedRankTest([-1, -2, -3, -4, -5, -6, -7, -8]).p).toBe(0.0078125)
})

test('a difference that is no number is refused', () => {
  expect(() => signedRankTest([1, Number.NaN])).toThrow(RangeError)
  expect(() => signedRankTest([1, Number.POSITIVE_INFINITY])).toThrow(RangeError)
})
