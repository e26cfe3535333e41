import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHistogram, decodeHistogram, mergeEncoded } from '#bench/measure/histogram.ts'

function filled(count: number, valueUs: (index: number) => number = (index) => index + 1) {
  const histogram = createHistogram()
  for (let index = 0; index < count; index++) histogram.record(valueUs(index))
  return histogram
}

test('no value is off by more than a thousandth, from a microsecond to ten minutes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 599_000_000 }), (valueUs) => {
      const histogram = createHistogram()
      histogram.record(valueUs)
      expect(Math.abs((histogram.percentileMs(50) ?? 0) * 1000 - valueUs)).toBeLessThanOrEqual(
        valueUs / 1000 + 0.5,
      )
    }),
  )
})

test('fractions of a millisecond survive', () => {
  expect(filled(1, () => 370.4).percentileMs(50)).toBe(0.37)
})

test('p99 asks for 1,000 samples and p99.9 for 10,000', () => {
  expect(createHistogram().percentileMs(50)).toBeNull()
  expect(filled(1).percentileMs(50)).toBe(0.001)
  expect(filled(999).percentileMs(99)).toBeNull()
  expect(filled(1000).percentileMs(99)).toBe(0.99)
  expect(filled(9_999).percentileMs(99.9)).toBeNull()
  expect(filled(10_000).percentileMs(99.9)).toBeCloseTo(9.99, 2)
})

test('a check may ask for a percentile that few samples carry', () => {
  expect(filled(100).nearestMs(99)).toBe(0.099)
  expect(createHistogram().nearestMs(99)).toBeNull()
})

test('values beyond the range count at its ends', () => {
  const histogram = createHistogram()
  histogram.record(-5)
  histogram.record(1e12)
  expect(histogram.count).toBe(2)
  expect(histogram.percentileMs(0)).toBe(0)
  expect(histogram.percentileMs(98)).toBeGreaterThan(599_000)
})

test('encoded histograms come back whole, and merging adds what each held', () => {
  const parts = [filled(500), filled(700, () => 2000)]
  expect(decodeHistogram(parts[0]?.encode() ?? '').curve()).toEqual(parts[0]?.curve())
  const merged = mergeEncoded(parts.map((part) => part.encode()))
  expect(merged.count).toBe(1200)
  expect(merged.percentileMs(99)).toBeCloseTo(2, 2)
  expect(mergeEncoded([]).count).toBe(0)
  expect(() => decodeHistogram('nonsense')).toThrow()
})

test('the curve rises and ends where samples run out', () => {
  expect(createHistogram().curve()).toEqual([])
  const curve = filled(1000).curve()
  expect(curve.at(-1)).toEqual([99, 0.99])
  expect(
    curve.every(
      ([percentile, ms], index) =>
        index === 0 || (percentile > (curve[index - 1]?.[0] ?? 0) && ms >= (curve[index - 1]?.[1] ?? 0)),
    ),
  ).toBe(true)
  expect(filled(100).curve().at(-1)?.[0]).toBe(98.5)
})
