/** What a mixed load can consist of. */
export const MIXED_OPERATIONS = ['lookup', 'write', 'refresh', 'login'] as const
export type MixedOperation = (typeof MIXED_OPERATIONS)[number]

/** Weights by operation: the share of each is its weight over their sum. */
export type Mix = Readonly<Partial<Record<MixedOperation, number>>>

/** The operations of a mix that occur at all, each with its share of 1. */
export function sharesOf(mix: Mix): readonly (readonly [operation: MixedOperation, share: number])[] {
  const total = Object.values(mix).reduce((sum, weight) => sum + weight, 0)
  return MIXED_OPERATIONS.flatMap((operation) => {
    const weight = mix[operation] ?? 0
    return weight > 0 ? [[operation, weight / total] as const] : []
  })
}
