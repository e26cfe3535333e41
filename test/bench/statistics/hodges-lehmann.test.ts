import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hodgesLehmann, intervalRank, walshAverages } from '#bench/statistics/hodges-lehmann.ts'
import { signedRankTest } from '#bench/statistics/signed-rank.ts'
import { createRandom } from '#bench/workload/random.ts'

test('K is 4 for 8 rounds, 9 for 10 and 14 for 12, as the tables have it', () => {
  expect([8, 10, 12].map((n) => intervalRank(n)?.k)).toEqual([4, 9, 14])
  expect(intervalRank(8)?.coverage).toBe(0.9609375)
})

test('five values are too few for 95 %, six are not', () => {
  expect(intervalRank(5)).toBeNull()
  expect(hodgesLehmann([1, 2, 3, 4, 5])).toEqual({ estimate: 3, interval: null, n: 5 })
  expect(hodgesLehmann([1, 2, 3, 4, 5, 6]).interval).toEqual([1, 6])
})

test('the estimate is the median of all pairwise averages', () => {
  expect(walshAverages([1, 3])).toEqual([1, 2, 3])
  expect(hodgesLehmann([1, 2, 10]).estimate).toBe((2 + 5.5) / 2)
})

test('estimate and interval move and stretch with the values', () => {
  const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 6, maxLength: 15 })
  fc.assert(
    fc.property(values, fc.double({ min: -50, max: 50, noNaN: true }), (sample, shift) => {
      const plain = hodgesLehmann(sample)
      const moved = hodgesLehmann(sample.map((value) => 2 * value + shift))
      expect(moved.estimate).toBeCloseTo(2 * plain.estimate + shift, 8)
      expect(moved.interval?.[0]).toBeCloseTo(2 * (plain.interval?.[0] ?? 0) + shift, 8)
      expect(moved.interval?.[1]).toBeCloseTo(2 * (plain.interval?.[1] ?? 0) + shift, 8)
      expect(plain.interval?.[0]).toBeLessThanOrEqual(plain.estimate)
      expect(plain.interval?.[1]).toBeGreaterThanOrEqual(plain.estimate)
    }),
  )
})

test('the interval leaves zero out exactly where the test rejects at 5 %', () => {
  const distinct = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), {
    minLength: 6,
    maxLength: 12,
    // Sizes differ and no two cancel out: then neither ranks nor Walsh averages tie.
    selector: Math.abs,
  })
  fc.assert(
    fc.property(distinct, (sample) => {
      fc.pre(!sample.includes(0))
      const { interval } = hodgesLehmann(sample)
      const excludesZero = (interval?.[0] ?? 0) > 0 || (interval?.[1] ?? 0) < 0
      expect(excludesZero).toBe(signedRankTest(sample).p < 0.05)
    }),
    { numRuns: 500 },
  )
})

test('it covers the true centre as often as it says: normal and heavy-tailed values, n = 8', () => {
  const random = createRandom(11)
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  const heavy = (): number => normal() / Math.max(0.05, Math.abs(normal()))
  for (const draw of [normal, heavy]) {
    let covered = 0
    const trials = 4000
    for (let trial = 0; trial < trials; trial++) {
      const { interval } = hodgesLehmann(Array.from({ length: 8 }, draw))
      if (interval && interval[0] <= 0 && interval[1] >= 0) covered++
    }
    // 96.1 % by theory; four standard errors of 4,000 trials are 1.2 %.
    expect(covered / trials).toBeGreaterThan(0.949)
    expect(covered / trials).toBeLessThan(0.973)
  }
})

test('nothing has no centre', () => {
  expect(() => hodgesLehmann([])).toThrow(RangeError)
})
