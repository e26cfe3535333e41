import type { HistoryLine } from '#contract/history.ts'
import { isByOldPassword } from './old-password.ts'

/**
 * Is an acknowledged login known to have begun before this revocation of all its user has, so that it must end with it?
 * It was there, or a gate said that it had begun, or the password that the revocation takes away let it in meanwhile.
 */
export function beganBefore(
  issue: HistoryLine,
  revocation: HistoryLine,
  lines: readonly HistoryLine[],
): boolean {
  if ((issue.begunUs ?? issue.doneUs) <= revocation.invokedUs) return true
  return issue.invokedUs < revocation.doneUs && isByOldPassword(issue, revocation, lines)
}
