import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPacer } from '#bench/load/open/pacer.ts'
import { createRandom } from '#bench/workload/random.ts'

function dueTimes(
  arrivals: 'poisson' | 'constant',
  ratePerS: number,
  durationMs: number,
  seed = 1,
): number[] {
  const pacer = createPacer({ arrivals, ratePerS, durationMs }, createRandom(seed))
  expect(pacer.dueAtMs(pacer.count)).toBeUndefined()
  return Array.from({ length: pacer.count }, (_, index) => pacer.dueAtMs(index) ?? Number.NaN)
}

test('constant arrivals come one every 1/rate, from 0 on, and before the end', () => {
  expect(dueTimes('constant', 100, 50)).toEqual([0, 10, 20, 30, 40])
  expect(dueTimes('constant', 300, 1000)).toHaveLength(300)
})

test('due times never go back and stay within the duration, whatever the rate and the seed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('poisson' as const, 'constant' as const),
      fc.double({ min: 0.5, max: 5000, noNaN: true }),
      fc.integer({ min: 1, max: 2000 }),
      fc.integer(),
      (arrivals, ratePerS, durationMs, seed) => {
        const due = dueTimes(arrivals, ratePerS, durationMs, seed)
        expect(due.every((atMs, index) => atMs >= (due[index - 1] ?? 0) && atMs < durationMs)).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

test('Poisson arrivals have the rate asked for, and gaps that vary as much as their mean', () => {
  const due = dueTimes('poisson', 1000, 60_000)
  expect(Math.abs(due.length - 60_000)).toBeLessThan(4 * Math.sqrt(60_000))
  const gaps = due.slice(1).map((atMs, index) => atMs - (due[index] ?? 0))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
  expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1)
})

test('a rate or a duration that is no positive number is refused', () => {
  for (const ratePerS of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => dueTimes('poisson', ratePerS, 1000)).toThrow(RangeError)
  expect(() => dueTimes('constant', 1, 0)).toThrow(RangeError)
  expect(() => dueTimes('constant', 1e9, 1e9)).toThrow(RangeError)
})
