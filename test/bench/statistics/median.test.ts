import { expect, test } from 'vitest'
import { median, quantile } from '#bench/statistics/median.ts'
import { medianInterval } from '#bench/statistics/median-interval.ts'

test('the median needs no order, and lies between the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('quantiles are linear between neighbours', () => {
  expect(quantile([0, 10, 20, 30, 40], 0.9)).toBe(36)
  expect(quantile([7], 0.3)).toBe(7)
})

test('the interval of the median takes the order statistics that the sign test allows', () => {
  const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  expect(medianInterval(nine)).toEqual({ median: 5, interval: [2, 8], n: 9 })
  expect(medianInterval([6, 5, 4, 3, 2, 1])).toEqual({ median: 3.5, interval: [1, 6], n: 6 })
  expect(medianInterval([1, 2, 3, 4, 5])).toEqual({ median: 3, interval: null, n: 5 })
})
