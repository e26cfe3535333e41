import { describe, expect, it } from 'vitest'
import { type DetectionRound, detectionShare, separateRuns } from '#bench/statistics/detection.ts'
import { createRandom } from '#bench/workload/random.ts'

/** Rounds of a machine whose speed drifts by half, and whose visits differ by so much beside. */
function rounds(effect: number, spread: number): DetectionRound[] {
  const random = createRandom(7).fork(`${effect} ${spread}`)
  const noisy = () => 1 + spread * (random.next() - 0.5)
  return Array.from({ length: 40 }, () => {
    const drift = 1 + random.next() / 2
    return {
      tested: effect * drift * noisy(),
      plain: [drift * noisy(), drift * noisy(), drift * noisy()] as const,
    }
  })
}

const RULE = { rounds: 8, comparisons: 6, draws: 200 }
const share = (effect: number, spread: number, equal = false) =>
  detectionShare(rounds(effect, spread), { ...RULE, equal }, createRandom(1))

describe('a planted effect', () => {
  it('is found where it is far beyond the noise, and not where it is far below', () => {
    expect(share(1.1, 0.02)).toBe(1)
    expect(share(1.5, 0.2)).toBeGreaterThan(0.95)
    expect(share(1.05, 0.6)).toBeLessThan(0.2)
  })

  it('is never claimed below 5 %, however still the machine', () => {
    expect(share(1.04, 0.001)).toBe(0)
  })

  it('of nothing at all is rarely called one', () => {
    expect(share(1.5, 0.2, true)).toBeLessThanOrEqual(0.05)
  })

  it('is looked for in runs that share no round, too', () => {
    expect(separateRuns(rounds(1.5, 0.1), { ...RULE, equal: false }, createRandom(1))).toEqual({
      runs: 5,
      found: 5,
    })
  })

  it('of nothing at all is looked for in two pairs a run where there is a fourth visit', () => {
    const four = rounds(1, 0.1).map(({ tested, plain }) => ({ tested, plain: [...plain, tested] }))
    expect(separateRuns(four, { ...RULE, equal: true }, createRandom(1))).toEqual({ runs: 10, found: 0 })
  })
})
