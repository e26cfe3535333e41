import { expect, test } from 'vitest'
import { compareArms, noiseFloor } from '#bench/statistics/verdict.ts'
import type { NoiseFloor } from '#contract/result.ts'

/** Eight rounds with this ratio, give or take half a percent. */
function pairs(ratio: number, rounds = 8): { arm: number; against: number }[] {
  return Array.from({ length: rounds }, (_, round) => ({
    arm: 50 * ratio * (1 + 0.001 * (round - 3.5)),
    against: 50,
  }))
}

const quiet: NoiseFloor = { metric: 'nodeCpuUs', point: 'saturated', ratio: 1, interval: [0.995, 1.005] }

function compare(ratio: number, noise: NoiseFloor | undefined = quiet, rounds = 8) {
  const arms = [{ arm: 'redis' as const, against: 'baseline' as const, pairs: pairs(ratio, rounds) }]
  return compareArms(arms, 'nodeCpuUs', 'saturated', noise)[0]
}

test('a difference of a tenth in every round is claimed', () => {
  const comparison = compare(1.1)
  expect(comparison).toMatchObject({ arm: 'redis', against: 'baseline', claimed: true, n: 8, p: 0.0078125 })
  expect(comparison?.ratio).toBeCloseTo(1.1, 2)
  expect(comparison?.interval[0]).toBeGreaterThan(1.09)
  expect(comparison?.interval[1]).toBeLessThan(1.11)
})

test('a difference below 5 % is not claimed, however sure', () => {
  expect(compare(1.04)).toMatchObject({ p: 0.0078125, claimed: false })
  expect(compare(0.96)).toMatchObject({ claimed: false })
})

test('a difference within half of the noise floor is not claimed', () => {
  expect(compare(1.1, { ...quiet, interval: [0.88, 1.12] })).toMatchObject({ claimed: false })
  expect(compare(1.2, { ...quiet, interval: [0.88, 1.12] })).toMatchObject({ claimed: true })
})

test('a difference within what two equal visits differ by is not claimed, however narrow their interval', () => {
  const off = { ...quiet, ratio: 1.08, interval: [1.07, 1.09] } as const
  expect(compare(1.06, off)?.claimed).toBe(false)
  expect(compare(1.2, off)?.claimed).toBe(true)
})

test('without a noise floor nothing is claimed', () => {
  const arms = [{ arm: 'redis' as const, against: 'baseline' as const, pairs: pairs(2) }]
  expect(compareArms(arms, 'nodeCpuUs', 'saturated', undefined)[0]).toMatchObject({ claimed: false })
})

test('seven comparisons in one family are too many for eight rounds', () => {
  const arm = { arm: 'jwt' as const, against: 'baseline' as const, pairs: pairs(1.5) }
  const six = compareArms(new Array(6).fill(arm), 'nodeCpuUs', 'saturated', quiet)
  const seven = compareArms(new Array(7).fill(arm), 'nodeCpuUs', 'saturated', quiet)
  expect(six.every(({ claimed }) => claimed)).toBe(true)
  expect(seven.some(({ claimed }) => claimed)).toBe(false)
})

test('differences that point both ways are not claimed', () => {
  const mixed = pairs(1).map(({ against }, round) => ({ arm: against * (round % 2 ? 1.3 : 0.8), against }))
  const arms = [{ arm: 'jwt' as const, against: 'baseline' as const, pairs: mixed }]
  expect(compareArms(arms, 'nodeCpuUs', 'saturated', quiet)[0]).toMatchObject({ claimed: false })
})

test('too few rounds give no comparison and no noise floor; rounds without a figure carry no ratio', () => {
  expect(compare(1.1, quiet, 5)).toBeUndefined()
  expect(noiseFloor(pairs(1, 5), 'nodeCpuUs', 'saturated')).toBeUndefined()
  const holes = [
    ...pairs(1.1),
    { arm: 0, against: 50 },
    { arm: Number.NaN, against: 50 },
    { arm: 1, against: 0 },
  ]
  const arms = [{ arm: 'jwt' as const, against: 'baseline' as const, pairs: holes }]
  expect(compareArms(arms, 'nodeCpuUs', 'saturated', quiet)[0]?.n).toBe(8)
})

test('the noise floor holds 1 where two visits are alike', () => {
  const floor = noiseFloor(pairs(1), 'nodeCpuUs', 'saturated')
  expect(floor?.ratio).toBeCloseTo(1, 2)
  expect(floor?.interval[0]).toBeLessThanOrEqual(1)
  expect(floor?.interval[1]).toBeGreaterThanOrEqual(1)
})
