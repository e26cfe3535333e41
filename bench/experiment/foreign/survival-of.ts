import { countSurvivors } from '#bench/check/survival.ts'
import type { ForeignFailure } from '#contract/foreign.ts'
import type { Standing } from './still-in.ts'

/** Whoever could not be asked for is neither in nor lost. */
export function survivalOf(
  before: readonly Standing[],
  after: readonly Standing[],
  emptied: readonly string[],
): ForeignFailure['survival'] {
  const open = new Set(after.filter(({ unclear }) => unclear).map(({ userId }) => userId))
  const live = before.filter(({ acceptedBy }) => acceptedBy.length > 0)
  const clear = live.filter(({ userId }) => !open.has(userId))
  return {
    ...countSurvivors(clear, after, emptied),
    users: live.length,
    unclear: live.length - clear.length,
  }
}
