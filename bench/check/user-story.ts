import type { Outcome } from '#contract/outcomes.ts'
import type { Holding } from './survival.ts'

/** One answer to one user, as far as a ledger looks at it. µs on one clock. */
export interface LedgerSample {
  user: string
  sentUs: number
  doneUs: number
  outcome: Outcome
  /** Who answered; empty where nobody said. */
  node: string
}

/** Users who were refused although their login lived, and those for whom it was still so when they last asked after the heal. */
export interface FalseLogouts {
  users: ReadonlySet<string>
  lasting: ReadonlySet<string>
}

/**
 * A user was logged out falsely when the entrance refused them after the fault with a login that some node still accepts
 * when all is whole again: the session lived, and they were not led to it, or it was not believed for a while. Whether
 * that lasts, only those can say who asked again once all was healed.
 */
export function findFalseLogouts(
  samples: readonly LedgerSample[],
  after: readonly Holding[],
  { faultUs, healUs }: { faultUs: number; healUs: number },
): FalseLogouts {
  const alive = new Set(after.filter(({ acceptedBy }) => acceptedBy.length > 0).map(({ userId }) => userId))
  const users = new Set<string>()
  const lasting = new Set<string>()
  for (const { user, outcome, sentUs } of inOrder(samples).filter(({ doneUs }) => doneUs >= faultUs)) {
    if (!alive.has(user)) continue
    if (outcome === 'unexpected_401') {
      users.add(user)
      if (sentUs >= healUs) lasting.add(user)
    } else if (outcome === 'ok') lasting.delete(user)
  }
  return { users, lasting }
}

/** How often a user was answered by another node than the time before: where users are pinned, a pin was moved. */
export function countMoves(samples: readonly LedgerSample[], nodes: readonly string[]): number {
  const lastNode = new Map<string, string>()
  let moves = 0
  for (const { user, node } of inOrder(samples)) {
    if (!nodes.includes(node)) continue
    const before = lastNode.get(user)
    if (before !== undefined && before !== node) moves += 1
    lastNode.set(user, node)
  }
  return moves
}

function inOrder(samples: readonly LedgerSample[]): readonly LedgerSample[] {
  return samples.filter(({ doneUs }) => doneUs > 0).toSorted((a, b) => a.doneUs - b.doneUs)
}
