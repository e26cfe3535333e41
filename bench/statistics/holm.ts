/**
 * Holm's step-down correction of a family of p-values (Holm 1979): the chance of even one false claim among them
 * stays below the level that the corrected values are held against, whatever their dependence. In the order given.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
  const corrected = new Array<number>(pValues.length).fill(1)
  let largest = 0
  for (const [step, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - step) * (pValues[index] ?? 1)))
    corrected[index] = largest
  }
  return corrected
}
