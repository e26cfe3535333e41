import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, asksForCredential, isAnswered } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { loginsOf, parseRefreshToken } from './logins.ts'

const SECOND = 1_000_000

export const absoluteLifetime: Checker = {
  name: 'absolute-lifetime',
  promise: 'No login is accepted, and none is renewed, after the end that it was given when it began.',
  check,
}

function check(history: History, mode: Mode): Finding {
  const breaks: HistoryLine[][] = []
  let tested = 0
  const logins = [...loginsOf(history).values()]
  for (const { issue, issued, uses } of logins) {
    if (issued.livesS === undefined || mode.expected.lookup.expired !== 'refuse') continue
    const endUs = issue.doneUs + issued.livesS * SECOND
    const late = uses.filter((use) => asksForCredential(use) && use.invokedUs > endUs)
    tested += late.filter(isAnswered).length
    breaks.push(...late.filter(accepted).map((use) => [issue, use]))
  }
  const refreshS = history.header?.refreshS
  if (refreshS !== undefined) {
    for (const { issue, issued } of logins) {
      if (issued.refreshToken === undefined) continue
      const token = parseRefreshToken(issued.refreshToken)
      if (token.place !== 1) continue
      const late = history.lines.filter(
        ({ op, refreshToken, invokedUs }) =>
          op === 'refresh' &&
          invokedUs > issue.doneUs + refreshS * SECOND &&
          refreshToken !== undefined &&
          parseRefreshToken(refreshToken).family === token.family,
      )
      tested += late.filter(isAnswered).length
      breaks.push(...late.filter(accepted).map((use) => [issue, use]))
    }
  }
  return {
    tested,
    breaks,
    what: 'uses after the end',
    nothing: `Mode ${mode.name} sets no end, or no login was used after the one that the history names.`,
  }
}
