import { median } from './median.ts'

export interface Shift {
  /** Median of all differences b − a. */
  estimate: number
  /** Exact rank-sum interval at the confidence asked for; null where there are too few values for it. */
  interval: readonly [low: number, high: number] | null
}

/**
 * How far the values of b lie from those of a, two independent samples: the Hodges–Lehmann shift, with the interval
 * that inverts the exact Mann–Whitney test (Hollander and Wolfe 1999, section 4.3): the K-th smallest and the K-th
 * largest of the differences bj − ai. K = 14 for 8 and 8 values at 95 %.
 * @throws RangeError where either sample is empty.
 */
export function shiftBetween(a: readonly number[], b: readonly number[], confidence = 0.95): Shift {
  if (a.length === 0 || b.length === 0) throw new RangeError('both samples need at least one value')
  const differences = b.flatMap((one) => a.map((other) => one - other)).sort((x, y) => x - y)
  const k = intervalPlace(a.length, b.length, confidence)
  const low = k === 0 ? undefined : differences[k - 1]
  const high = k === 0 ? undefined : differences[differences.length - k]
  return {
    estimate: median(differences),
    interval: low === undefined || high === undefined ? null : [low, high],
  }
}

/** The largest K with P(U ≤ K − 1) ≤ (1 − confidence) / 2; 0 where not even the outermost differences cover enough. */
export function intervalPlace(m: number, n: number, confidence = 0.95): number {
  let below = 0
  let k = 0
  for (const probability of mannWhitneyDistribution(m, n)) {
    if (below + probability > (1 - confidence) / 2) break
    below += probability
    k += 1
  }
  return k
}

/**
 * P(U = u), 0 ≤ u ≤ m·n, for samples of m and n values without ties: each way to place n values among m + n is as
 * likely as any other.
 */
export function mannWhitneyDistribution(m: number, n: number): readonly number[] {
  const counts = countPlacements(m, n)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / total)
}

/** Coefficients of the Gaussian binomial (m + n choose n): how many placements give each U. */
function countPlacements(m: number, n: number): number[] {
  let counts = [1]
  for (let i = 1; i <= n; i += 1) counts = divide(multiply(counts, m + i), i)
  return counts
}

/** Times (1 − q^power). */
function multiply(counts: readonly number[], power: number): number[] {
  return Array.from({ length: counts.length + power }, (_, u) => (counts[u] ?? 0) - (counts[u - power] ?? 0))
}

/** By (1 − q^power), which leaves no rest. */
function divide(counts: readonly number[], power: number): number[] {
  const quotient: number[] = []
  for (let u = 0; u < counts.length - power; u += 1)
    quotient.push((counts[u] ?? 0) + (quotient[u - power] ?? 0))
  return quotient
}
