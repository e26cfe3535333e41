import type { HistoryLine } from '#contract/history.ts'
import { mayHaveHappened, overByUs } from './answers.ts'

/**
 * Did this login present the password that an acknowledged change took away, and no other change may have brought back
 * by then? Where it was accepted, it came before the change, whatever their times say.
 */
export function isByOldPassword(
  login: HistoryLine,
  change: HistoryLine,
  lines: readonly HistoryLine[],
): boolean {
  return (
    change.op === 'password' &&
    change.password !== undefined &&
    login.op === 'login' &&
    login.user === change.user &&
    login.password === change.password &&
    !lines.some(
      (line) =>
        line.op === 'password' &&
        line.user === change.user &&
        line.nextPassword === change.password &&
        mayHaveHappened(line) &&
        overByUs(line) > change.invokedUs &&
        line.invokedUs < login.doneUs,
    )
  )
}
