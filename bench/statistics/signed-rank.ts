/** Most differences that the exact distribution is worked out for. */
export const MOST_PAIRS = 40

/**
 * The null distribution of Wilcoxon's signed-rank statistic W+ (the sum of the ranks of the positive differences)
 * for n differences without ties: `probabilities[w]` is P(W+ = w), 0 ≤ w ≤ n(n+1)/2. Each of the 2^n signs is as
 * likely as any other; the counts stay below 2^40 and are exact.
 * @throws RangeError unless n is an integer in 1 … 40.
 */
export function signedRankDistribution(n: number): readonly number[] {
  if (!Number.isInteger(n) || n < 1 || n > MOST_PAIRS)
    throw new RangeError(`the exact signed-rank distribution needs 1 to ${MOST_PAIRS} differences, not ${n}`)
  const ways = new Array<number>((n * (n + 1)) / 2 + 1).fill(0)
  ways[0] = 1
  for (let rank = 1; rank <= n; rank++)
    for (let w = ways.length - 1; w >= rank; w--) ways[w] = (ways[w] ?? 0) + (ways[w - rank] ?? 0)
  return ways.map((count) => count / 2 ** n)
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
 * @throws RangeError for more than 40 non-zero differences or a difference that is not finite.
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
  const distribution = distributionOfSums(ranks)
  const low = Math.min(statistic, (n * (n + 1)) / 2 - statistic)
  let tail = 0
  for (const [sum, probability] of distribution) if (sum <= low + 1e-9) tail += probability
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

/** P(sum) over all signs of these ranks. Mid-ranks are halves, so the sums are kept doubled and whole. */
function distributionOfSums(ranks: readonly number[]): Map<number, number> {
  let ways = new Map<number, number>([[0, 1]])
  for (const rank of ranks) {
    const next = new Map(ways)
    for (const [sum, count] of ways) {
      const moved = sum + Math.round(2 * rank)
      next.set(moved, (next.get(moved) ?? 0) + count)
    }
    ways = next
  }
  return new Map([...ways].map(([sum, count]) => [sum / 2, count / 2 ** ranks.length]))
}
