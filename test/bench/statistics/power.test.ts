import { describe, expect, it } from 'vitest'
import { roundsFor, smallestP } from '#bench/statistics/power.ts'
import { compareArms } from '#bench/statistics/verdict.ts'

/** Arms that cost twice the baseline in every round: as clear as a difference can be. */
function clear(arms: number, rounds: number) {
  const pairs = Array.from({ length: rounds }, (_, round) => ({ arm: 2 + round / 1000, against: 1 }))
  const family = Array.from({ length: arms }, (_, index) => ({
    arm: `arm-${index}`,
    against: 'baseline',
    pairs,
  }))
  const noise = { metric: 'nodeCpuUs', point: 'saturated', ratio: 1, interval: [0.99, 1.01] } as const
  return compareArms(family, 'nodeCpuUs', 'saturated', { ...noise, interval: [0.99, 1.01] })
}

describe('the rounds that a family of comparisons needs', () => {
  it('are those after which the clearest difference can be claimed, and no fewer', () => {
    for (const comparisons of [1, 5, 6, 7, 11, 12]) {
      expect(clear(comparisons, roundsFor(comparisons)).every(({ claimed }) => claimed)).toBe(true)
    }
    expect(clear(7, 8).some(({ claimed }) => claimed)).toBe(false)
  })

  it('give the smallest p that the test itself gives', () => {
    for (const [comparisons, rounds] of [
      [1, 8],
      [7, 8],
      [12, 12],
    ] as const)
      expect(clear(comparisons, rounds)[0]?.pHolm).toBeCloseTo(smallestP(rounds, comparisons), 10)
  })

  it('is no more than 1 where there are fewer rounds than comparisons', () => {
    expect(smallestP(1, 10)).toBe(1)
  })
})
