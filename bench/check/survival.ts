import type { Guarantee, Mode } from '#contract/modes.ts'
import type { Survival } from '#contract/result.ts'

/** Who accepted one user's credential when every living node was asked directly. */
export interface Holding {
  userId: string
  acceptedBy: readonly string[]
}

/**
 * Compares two surveys of the same logins, before something broke and after everything was healed.
 * @param emptied the nodes whose memory was lost.
 * @param voided healing ends every login on purpose.
 * A login is lost when some node accepted it before and none does afterwards.
 */
export function judgeSurvival(
  before: readonly Holding[],
  after: readonly Holding[],
  emptied: readonly string[],
  mode: Mode,
  voided = false,
): Survival {
  const counted = countSurvivors(before, after, emptied)
  const { users, lost, lostOfDeadNode } = counted
  return {
    ...counted,
    allowed: mode.survives,
    ...(voided && lost > 0
      ? {
          verdict: 'valid',
          detail: `${lost} of ${users} logins voided on purpose, by the healing`,
        }
      : verdict(users, lost, lost - lostOfDeadNode, mode.survives)),
  }
}

/** The same without a judgement: of a service that promises nothing that we know of. */
export function countSurvivors(
  before: readonly Holding[],
  after: readonly Holding[],
  emptied: readonly string[],
): Pick<Survival, 'users' | 'lost' | 'lostOfDeadNode'> {
  const stillIn = new Set(after.filter((holding) => holding.acceptedBy.length > 0).map((h) => h.userId))
  const live = before.filter((holding) => holding.acceptedBy.length > 0)
  const lost = live.filter((holding) => !stillIn.has(holding.userId))
  return {
    users: live.length,
    lost: lost.length,
    lostOfDeadNode: lost.filter((holding) => isOnlyOn(holding, emptied)).length,
  }
}

/** Users whose login only the given nodes held: those whom their death logs out. */
export function usersHeldOnlyBy(nodes: readonly string[], survey: readonly Holding[]): ReadonlySet<string> {
  return new Set(survey.filter((holding) => isOnlyOn(holding, nodes)).map((holding) => holding.userId))
}

function isOnlyOn({ acceptedBy }: Holding, nodes: readonly string[]): boolean {
  return acceptedBy.length > 0 && acceptedBy.every((node) => nodes.includes(node))
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
      detail: `${lostElsewhere} of ${live} logins lost that no dead node held alone`,
    }
  }
  return {
    verdict: 'valid',
    detail: `${lost} of ${live} logins lost, all of them held by the dead node alone`,
  }
}
