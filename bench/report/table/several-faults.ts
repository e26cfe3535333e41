import type { RunResult } from '#contract/result.ts'

/** Did this run try more than one fault? Tables of a row a mode would then mix them; the matrix has a row a cell. */
export function hasSeveralFaults(result: RunResult): boolean {
  return new Set(result.failures.map(({ fault }) => fault)).size > 1
}
