import { expect, test } from 'vitest'
import { median, quantile } from '#bench/statistics/median.ts'

test('the median needs no order, and lies between the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('quantiles are linear between neighbours', () => {
  expect(quantile([0, 10, 20, 30, 40], 0.9)).toBe(36)
  expect(quantile([7], 0.3)).toBe(7)
})
