import type { RunResult } from '#contract/result.ts'

/**
 * Is this a matrix, or did it try more than one fault? Tables of a row a mode would then mix them; the matrix has a row
 * a cell, also where it was ended before its second fault.
 */
export function hasSeveralFaults(result: RunResult): boolean {
  return result.matrix !== undefined || new Set(result.failures.map(({ fault }) => fault)).size > 1
}
