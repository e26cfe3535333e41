import type { Guarantee, Mode } from '#contract/modes.ts'
import type { Survival } from '#contract/result.ts'

/** Who accepted one user's credential when every living node was asked directly. */
export interface Holding {
  userId: string
  acceptedBy: readonly string[]
}

/**
 * Compares two surveys of the same logins, before a node died and after everything was healed.
 * A login is lost when some node accepted it before and none does afterwards.
 */
export function judgeSurvival(
  before: readonly Holding[],
  after: readonly Holding[],
  deadNode: string,
  mode: Mode,
): Survival {
  const stillIn = new Set(after.filter((holding) => holding.acceptedBy.length > 0).map((h) => h.userId))
  const live = before.filter((holding) => holding.acceptedBy.length > 0)
  const lost = live.filter((holding) => !stillIn.has(holding.userId))
  const lostOfDeadNode = lost.filter((holding) => isOnlyOn(holding, deadNode))
  return {
    users: live.length,
    lost: lost.length,
    lostOfDeadNode: lostOfDeadNode.length,
    allowed: mode.survives,
    ...verdict(live.length, lost.length, lost.length - lostOfDeadNode.length, mode.survives),
  }
}

/** Users whose login only the given node held: those whom its death logs out. */
export function usersHeldOnlyBy(node: string, survey: readonly Holding[]): ReadonlySet<string> {
  return new Set(survey.filter((holding) => isOnlyOn(holding, node)).map((holding) => holding.userId))
}

function isOnlyOn(holding: Holding, node: string): boolean {
  return holding.acceptedBy.length === 1 && holding.acceptedBy[0] === node
}

function verdict(
  live: number,
  lost: number,
  lostElsewhere: number,
  allowed: Guarantee,
): Pick<Survival, 'verdict' | 'detail'> {
  if (live === 0) return { verdict: 'unknown', detail: 'no login was accepted by any node before the fault' }
  if (lost === 0) return { verdict: 'valid', detail: `all ${live} logins survived` }
  if (allowed !== 'never') {
    return { verdict: 'invalid', detail: `${lost} of ${live} logins lost; the mode promises "${allowed}"` }
  }
  if (lostElsewhere > 0) {
    return {
      verdict: 'invalid',
      detail: `${lostElsewhere} of ${live} logins lost that the dead node did not hold`,
    }
  }
  return {
    verdict: 'valid',
    detail: `${lost} of ${live} logins lost, all of them held by the dead node alone`,
  }
}
