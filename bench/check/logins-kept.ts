import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, asksForCredential, refused } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { loginEnds } from './login-end.ts'
import { loginsOf } from './logins.ts'
import { promisesAcceptance } from './promises.ts'

export const loginsKept: Checker = {
  name: 'logins-kept',
  promise:
    'No acknowledged login is lost beyond what the mode allows: nobody accepts it any more, and nothing ended it.',
  check,
}

function check(history: History, mode: Mode): Finding {
  const ends = loginEnds(history, mode)
  const breaks: HistoryLine[][] = []
  let tested = 0
  for (const { name, issue, uses } of loginsOf(history).values()) {
    const endUs = ends.get(name) ?? 0
    const answers = uses
      .filter((use) => asksForCredential(use) && promisesAcceptance(mode, use))
      .filter((use) => (accepted(use) || refused(use)) && use.invokedUs >= issue.doneUs && use.doneUs < endUs)
    const last = answers.reduce<HistoryLine | undefined>(
      (latest, use) => (latest !== undefined && latest.invokedUs > use.invokedUs ? latest : use),
      undefined,
    )
    if (last === undefined) continue
    tested += 1
    if (refused(last)) breaks.push([issue, last])
  }
  return {
    tested,
    breaks,
    what: 'acknowledged logins, by the last answer before anything could have ended them',
    nothing: `Mode ${mode.name} promises nothing here, or no login was asked after its acknowledgement.`,
  }
}
