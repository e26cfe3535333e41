/** Most differences that the exact distribution is worked out for. */
export const MOST_PAIRS = 200

/**
 * The null distribution of Wilcoxon's signed-rank statistic W+ (the sum of the ranks of the positive differences)
 * for n differences without ties: `probabilities[w]` is P(W+ = w), 0 ≤ w ≤ n(n+1)/2. Each of the 2^n signs is as
 * likely as any other, so adding a rank halves the probabilities and moves one half of each up by that rank; exact to
 * the rounding of a double.
 * @throws RangeError unless n is an integer in 1 … 200.
 */
export function signedRankDistribution(n: number): readonly number[] {
  if (!Number.isInteger(n) || n < 1 || n > MOST_PAIRS)
    throw new RangeError(`the exact signed-rank distribution needs 1 to ${MOST_PAIRS} differences, not ${n}`)
  return sumDistribution(Array.from({ length: n }, (_, index) => index + 1))
}

export interface SignedRankTest {
  /** Sum of the ranks of the positive differences; ties share the mean of their ranks. */
  statistic: number
  /** Differences that are not zero. */
  n: number
  /** Exact two-sided p; 1 where there is nothing to rank. */
  p: number
}

/**
 * Wilcoxon's signed-rank test of paired differences against a median of zero, exact and two-sided. Zeros are left
 * out (Wilcoxon 1945); with ties the distribution is that of the mid-ranks actually met, still exact.
 * @throws RangeError for more than 200 non-zero differences or a difference that is not finite.
 */
export function signedRankTest(differences: readonly number[]): SignedRankTest {
  if (!differences.every(Number.isFinite)) throw new RangeError('every difference must be a finite number')
  const kept = differences.filter((difference) => difference !== 0)
  const n = kept.length
  if (n === 0) return { statistic: 0, n, p: 1 }
  if (n > MOST_PAIRS) throw new RangeError(`at most ${MOST_PAIRS} differences, not ${n}`)

  const ranks = midRanks(kept.map(Math.abs))
  let statistic = 0
  for (const [index, rank] of ranks.entries()) if ((kept[index] ?? 0) > 0) statistic += rank
  // Mid-ranks are halves: doubled, they are whole.
  const distribution = sumDistribution(ranks.map((rank) => 2 * rank))
  const low = 2 * Math.min(statistic, (n * (n + 1)) / 2 - statistic)
  const tail = distribution.slice(0, low + 1).reduce((sum, probability) => sum + probability, 0)
  return { statistic, n, p: Math.min(1, 2 * tail) }
}

/** Ranks from 1, equal values sharing the mean of theirs. */
function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = new Array<number>(values.length).fill(0)
  for (let first = 0; first < order.length; ) {
    let last = first
    while (last + 1 < order.length && values[order[last + 1] ?? 0] === values[order[first] ?? 0]) last++
    for (let place = first; place <= last; place++) ranks[order[place] ?? 0] = (first + last) / 2 + 1
    first = last + 1
  }
  return ranks
}

/** P(sum of the ranks with a positive sign = index) over all signs of these whole ranks. */
function sumDistribution(ranks: readonly number[]): number[] {
  const largest = ranks.reduce((sum, rank) => sum + rank, 0)
  const probabilities = new Array<number>(largest + 1).fill(0)
  probabilities[0] = 1
  for (const rank of ranks)
    for (let sum = largest; sum >= 0; sum--)
      probabilities[sum] = ((probabilities[sum] ?? 0) + (probabilities[sum - rank] ?? 0)) / 2
  return probabilities
}
