import { LEVEL } from './verdict.ts'

/** In one family of comparisons after Holm's correction, the smallest p that the exact signed-rank test can give. */
export function smallestP(rounds: number, comparisons: number): number {
  return Math.min(1, comparisons * 2 ** (1 - rounds))
}

/** Rounds after which a difference in one family of comparisons can be claimed, with a round or more to spare. */
export function roundsFor(comparisons: number): number {
  return smallestP(8, comparisons) < LEVEL ? 8 : 12
}
