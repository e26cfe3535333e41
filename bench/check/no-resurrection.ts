import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, asksForCredential, isAnswered, refused } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { loginsOf } from './logins.ts'
import { revocationBoundUs } from './promises.ts'

export const noResurrection: Checker = {
  name: 'no-resurrection',
  promise: 'A login that a node has refused after its revocation is never accepted by that node again.',
  check,
}

function check(history: History, mode: Mode): Finding {
  const breaks: HistoryLine[][] = []
  let tested = 0
  for (const { name, user, issue, uses } of loginsOf(history).values()) {
    const revocation = history.lines.find(
      ({ revokes, certainty, invokedUs }) =>
        certainty === 'ok' &&
        ((revokes?.reach === 'login' && revokes.target === name) ||
          (revokes?.reach === 'user' && revokes.target === user && issue.doneUs <= invokedUs)),
    )
    if (revocation?.revokes === undefined) continue
    if (revocationBoundUs(history, mode, revocation.revokes.reach, 'lookup') === undefined) continue
    const after = uses.filter((use) => asksForCredential(use) && use.invokedUs >= revocation.doneUs)
    for (const [node, answers] of Map.groupBy(after, (use) => use.node)) {
      const refusal = answers.reduce<HistoryLine | undefined>(
        (first, use) =>
          refused(use) && use.doneUs < (first?.doneUs ?? Number.POSITIVE_INFINITY) ? use : first,
        undefined,
      )
      if (refusal === undefined || node === '') continue
      const later = answers.filter((use) => use.invokedUs > refusal.doneUs)
      tested += later.filter(isAnswered).length
      const back = later.find(accepted)
      if (back !== undefined) breaks.push([issue, revocation, refusal, back])
    }
  }
  return {
    tested,
    breaks,
    what: 'questions to a node that had refused the revoked login',
    nothing: `Mode ${mode.name} promises no bound, or no node was asked again after it had refused a revoked login.`,
  }
}
