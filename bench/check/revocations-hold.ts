import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, asksForCredential, isAnswered } from './answers.ts'
import { beganBefore } from './began-before.ts'
import type { Checker, Finding } from './checker.ts'
import { byUser, type Login, loginsOf, parseRefreshToken } from './logins.ts'
import { revocationBoundUs, sharesRefreshTokens } from './promises.ts'

export const revocationsHold: Checker = {
  name: 'revocations-hold',
  promise: 'Nothing that was revoked is accepted later than the mode’s bound after the acknowledgement.',
  check,
}

function check(history: History, mode: Mode): Finding {
  const logins = loginsOf(history)
  const ofUser = byUser(logins)
  const refreshes = Map.groupBy(
    history.lines.filter(({ refreshToken }) => refreshToken !== undefined),
    ({ refreshToken = '' }) => parseRefreshToken(refreshToken).family,
  )
  const breaks: HistoryLine[][] = []
  let tested = 0
  for (const revocation of history.lines) {
    for (const login of endedBy(revocation, logins, ofUser, history.lines)) {
      const reach = revocation.revokes?.reach ?? 'login'
      const questions = [
        ...login.uses.filter(asksForCredential).map((use) => ({
          use,
          boundUs: revocationBoundUs(history, mode, reach, use.op),
        })),
        ...renewals(revocation, login, refreshes).map((use) => ({
          use,
          boundUs: sharesRefreshTokens(mode) ? 0 : undefined,
        })),
      ]
      for (const { use, boundUs } of questions) {
        if (boundUs === undefined || use.invokedUs <= revocation.doneUs + boundUs) continue
        if (!isAnswered(use)) continue
        tested += 1
        if (accepted(use)) breaks.push([login.issue, revocation, use])
      }
    }
  }
  return {
    tested,
    breaks,
    what: 'questions after an acknowledged revocation and its bound',
    nothing: `Mode ${mode.name} promises no bound, or nobody asked after an acknowledged revocation.`,
  }
}

/** The logins that an acknowledged revocation must have ended: all that it found, and all that had begun. */
function endedBy(
  line: HistoryLine,
  logins: ReadonlyMap<string, Login>,
  ofUser: ReadonlyMap<string, readonly Login[]>,
  lines: readonly HistoryLine[],
): readonly Login[] {
  const { revokes, certainty } = line
  if (revokes === undefined || certainty !== 'ok') return []
  if (revokes.reach === 'user')
    return (ofUser.get(revokes.target) ?? []).filter(
      ({ issue }) => issue !== line && beganBefore(issue, line, lines),
    )
  const login = logins.get(revokes.target)
  return login === undefined ? [] : [login]
}

/** Uses of the login's refresh tokens, where the revocation ends these too. */
function renewals(
  { revokes }: HistoryLine,
  { issued }: Login,
  refreshes: ReadonlyMap<string, readonly HistoryLine[]>,
): readonly HistoryLine[] {
  if (issued.refreshToken === undefined) return []
  const { family } = parseRefreshToken(issued.refreshToken)
  return revokes?.reach === 'user' || revokes?.family === family ? (refreshes.get(family) ?? []) : []
}
