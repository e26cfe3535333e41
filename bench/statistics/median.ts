/** The middle value, or the mean of the two in the middle; NaN of nothing. The values need no order. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * The q-quantile, 0 ≤ q ≤ 1, linear between neighbours (Hyndman and Fan's type 7, as R and NumPy have it); NaN of
 * nothing.
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = q * (sorted.length - 1)
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) return Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}
