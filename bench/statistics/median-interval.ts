import { median } from './median.ts'

export interface MedianInterval {
  median: number
  /** Two order statistics that hold the true median with at least the confidence asked for; null where n is too small. */
  interval: readonly [low: number, high: number] | null
  n: number
}

/**
 * The median of per-round values with its exact distribution-free interval (the sign test's): the k-th smallest and
 * k-th largest value, k the largest with P(Binomial(n, ½) ≤ k − 1) ≤ (1 − confidence)/2. Needs 6 values at 95 %.
 */
export function medianInterval(values: readonly number[], confidence = 0.95): MedianInterval {
  const n = values.length
  const sorted = [...values].sort((a, b) => a - b)
  let k = 0
  let below = 0
  let probability = 0.5 ** n
  for (let successes = 0; successes < n; successes++) {
    if (below + probability > (1 - confidence) / 2) break
    below += probability
    k++
    probability *= (n - successes) / (successes + 1)
  }
  const low = sorted[k - 1]
  const high = sorted[n - k]
  return {
    median: median(sorted),
    interval: k === 0 || low === undefined || high === undefined ? null : [low, high],
    n,
  }
}
