import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '#bench/workload/random.ts'

function draws(seed: number | string, count = 20): number[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random.next())
}

test('a seed draws the same values for ever', () => {
  expect(draws(42)).toEqual(draws(42))
  expect(draws(42)).not.toEqual(draws(43))
  // Frozen: a change of the generator would silently change every recorded seed.
  expect(draws('frozen', 3)).toEqual([0.343269058673239, 0.23872032633486273, 0.4983909484939332])
})

test('values are uniform: each tenth of [0, 1) gets its share, from any seed', () => {
  for (const seed of [0, 1, 2, -7, 1e15]) {
    const bins = new Array<number>(10).fill(0)
    for (const value of draws(seed, 20_000))
      bins[Math.floor(value * 10)] = (bins[Math.floor(value * 10)] ?? 0) + 1
    const chiSquared = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)
    // 9 degrees of freedom: beyond 33.7 once in 10,000 seeds.
    expect(chiSquared).toBeLessThan(33.7)
  }
})

test('neighbouring seeds are unrelated', () => {
  const first = draws(1, 5000)
  const second = draws(2, 5000)
  const covariance =
    first.reduce((sum, value, index) => sum + (value - 0.5) * ((second[index] ?? 0) - 0.5), 0) / 5000
  expect(Math.abs(covariance * 12)).toBeLessThan(0.06)
})

test('int stays below n and reaches all of it; a senseless n is refused', () => {
  const random = createRandom(5)
  expect(new Set(Array.from({ length: 200 }, () => random.int(6)))).toEqual(new Set([0, 1, 2, 3, 4, 5]))
  for (const n of [0, -1, 1.5, Number.NaN]) expect(() => random.int(n)).toThrow(RangeError)
})

test('a shuffle keeps every value and leaves the original alone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
      const before = [...values]
      expect(createRandom(seed).shuffle(values).sort()).toEqual([...values].sort())
      expect(values).toEqual(before)
    }),
  )
})

test('each order of three is shuffled into as often as the others', () => {
  const random = createRandom(9)
  const orders = new Map<string, number>()
  for (let trial = 0; trial < 6000; trial++) {
    const order = random.shuffle([1, 2, 3]).join('')
    orders.set(order, (orders.get(order) ?? 0) + 1)
  }
  expect(orders.size).toBe(6)
  for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(130)
})

test('exponential gaps have the mean asked for', () => {
  const random = createRandom(3)
  const gaps = Array.from({ length: 50_000 }, () => random.exponential(4))
  expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeCloseTo(4, 0)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0)
})

test('a fork depends on its label alone, not on what was drawn before', () => {
  const used = createRandom(8)
  used.next()
  expect(used.fork('a').next()).toBe(createRandom(8).fork('a').next())
  expect(used.fork('a').next()).not.toBe(used.fork('b').next())
})
