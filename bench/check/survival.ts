import type { Guarantee, Mode } from '#contract/modes.ts'
import type { Survival } from '#contract/result.ts'

/** Who accepted one user's credential when every living node was asked directly. */
export interface Holding {
  userId: string
  acceptedBy: readonly string[]
  /** Nodes that lived and neither accepted nor refused it (a 503, no answer in time). Absent: none. */
  unclearAt?: readonly string[]
}

/**
 * Compares two surveys of the same logins, before something broke and after everything was healed.
 * @param emptied the nodes whose memory was lost.
 * @param voided healing ends every login on purpose.
 * A login is lost when some node accepted it before and none does afterwards; where a node could not say, nobody knows.
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
  const { untold } = goneLogins(before, after)
  return {
    ...counted,
    allowed: mode.survives,
    ...(untold.size > 0
      ? {
          verdict: 'unknown',
          detail: `${untold.size} of ${users} logins were accepted nowhere afterwards, and a node could not say whether they live`,
        }
      : voided && lost > 0
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
  const { users, gone, untold } = goneLogins(before, after)
  const lost = gone.filter(({ userId }) => !untold.has(userId))
  return {
    users,
    lost: lost.length,
    lostOfDeadNode: lost.filter((holding) => isOnlyOn(holding, emptied)).length,
  }
}

/** Logins that no node accepts any more; `untold`: of those, the ones of which a node could not say so. */
function goneLogins(before: readonly Holding[], after: readonly Holding[]) {
  const usersOf = (holdings: readonly Holding[]) => new Set(holdings.map(({ userId }) => userId))
  const stillIn = usersOf(after.filter(({ acceptedBy }) => acceptedBy.length > 0))
  const unclear = usersOf(after.filter(({ unclearAt = [] }) => unclearAt.length > 0))
  const live = before.filter(({ acceptedBy }) => acceptedBy.length > 0)
  const gone = live.filter(({ userId }) => !stillIn.has(userId))
  const untold = usersOf(gone.filter(({ userId }) => unclear.has(userId)))
  return { users: live.length, gone, untold }
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
