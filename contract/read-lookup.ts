import { meaningOf } from './answer-statuses.ts'
import type { Target } from './target.ts'
import { textAt } from './text-at.ts'

/**
 * What an answered lookup says of one user's credential; `unclear`: neither, or it names somebody else. A service that is
 * not ours may say "out" with the status of "in", by naming nobody.
 * @param body parsed JSON, or text.
 */
export function readLookup(
  { statuses, userMember }: Pick<Target, 'statuses' | 'userMember'>,
  userId: string,
  status: number,
  body: unknown,
): 'in' | 'out' | 'unclear' {
  const meaning = meaningOf(status, statuses)
  if (meaning !== 'in') return meaning ?? 'unclear'
  if (userMember === undefined) return 'in'
  const named = textAt(body, userMember)
  if (named === userId) return 'in'
  return named === undefined && statuses !== undefined ? 'out' : 'unclear'
}
