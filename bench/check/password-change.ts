import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, asksForCredential, isAnswered } from './answers.ts'
import { beganBefore } from './began-before.ts'
import type { Checker, Finding } from './checker.ts'
import { byUser, loginsOf } from './logins.ts'
import { isByOldPassword } from './old-password.ts'
import { revocationBoundUs } from './promises.ts'

export const passwordChange: Checker = {
  name: 'password-change',
  promise:
    'After a password change only the new sessions live: the old password logs nobody in, and old logins end as the mode says.',
  check,
}

function check(history: History, mode: Mode): Finding {
  const breaks: HistoryLine[][] = []
  let tested = 0
  const changes = history.lines.filter(({ op, certainty }) => op === 'password' && certainty === 'ok')
  const ofUser = byUser(loginsOf(history))
  for (const change of changes) {
    const old = history.lines.filter(
      (line) => line.invokedUs > change.doneUs && isByOldPassword(line, change, history.lines),
    )
    tested += old.filter(isAnswered).length
    breaks.push(...old.filter(accepted).map((login) => [change, login]))
    for (const { issue, uses } of ofUser.get(change.user) ?? []) {
      if (issue === change || !beganBefore(issue, change, history.lines)) continue
      for (const use of uses.filter(asksForCredential)) {
        const boundUs = revocationBoundUs(history, mode, 'user', use.op)
        if (boundUs === undefined || use.invokedUs <= change.doneUs + boundUs) continue
        if (!isAnswered(use)) continue
        tested += 1
        if (accepted(use)) breaks.push([issue, change, use])
      }
    }
  }
  return {
    tested,
    breaks,
    what: 'uses of an old password or an old login after an acknowledged change',
    nothing: 'No old password or login was used after an acknowledged change of password.',
  }
}
