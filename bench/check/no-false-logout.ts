import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, asksForCredential, mayHaveHappened, refused } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { evictionUs, loginEnds } from './login-end.ts'
import { byUser, type Login, loginsOf, parseRefreshToken } from './logins.ts'
import { promisesAcceptance, sharesRefreshTokens } from './promises.ts'

export const noFalseLogout: Checker = {
  name: 'no-false-logout',
  promise:
    'No honest user is refused while nothing can have ended the login, whatever else runs at the same time.',
  check(history, mode) {
    const credentials = refusedCredentials(history, mode)
    const renewals = refusedRenewals(history, mode)
    return {
      tested: credentials.tested + renewals.tested,
      breaks: [...credentials.breaks, ...renewals.breaks],
      what: 'uses of logins and refresh tokens that nothing can have ended',
      nothing: `Mode ${mode.name} promises nothing here, or no login was used after its acknowledgement.`,
    }
  },
}

type Part = Pick<Finding, 'tested' | 'breaks'>

function refusedCredentials(history: History, mode: Mode): Part {
  const ends = loginEnds(history, mode)
  const breaks: HistoryLine[][] = []
  let tested = 0
  for (const { name, issue, uses } of loginsOf(history).values()) {
    const endUs = ends.get(name) ?? 0
    for (const use of uses) {
      if (!asksForCredential(use) || !promisesAcceptance(mode, use)) continue
      if (use.invokedUs < issue.doneUs || use.doneUs >= endUs) continue
      if (accepted(use)) tested += 1
      if (!refused(use)) continue
      tested += 1
      breaks.push([issue, use])
    }
  }
  return { tested, breaks }
}

/** A refresh token that is the newest, or the one before it within the grace, must be taken. */
function refusedRenewals(history: History, mode: Mode): Part {
  const { header, lines } = history
  const breaks: HistoryLine[][] = []
  let tested = 0
  if (header?.graceMs === undefined || !sharesRefreshTokens(mode)) return { tested, breaks }
  const graceUs = header.graceMs * 1000
  const logins = loginsOf(history)
  const ofUser = byUser(logins)
  const issues = new Map([...logins.values()].map((login) => [login.issued.refreshToken, login]))
  const families = Map.groupBy(
    lines.filter((line) => line.refreshToken !== undefined && line.op === 'refresh'),
    ({ refreshToken = '' }) => parseRefreshToken(refreshToken).family,
  )
  for (const [family, uses] of families) {
    const first = issues.get(`${family}.1`)
    if (first === undefined) continue
    const endUs = familyEndUs(history, family, first, ofUser.get(first.user) ?? [])
    for (const use of uses) {
      const before = uses.filter((other) => other.invokedUs < use.doneUs)
      if (use.doneUs >= endUs || before.some((other) => isRisky(other, before, graceUs))) break
      if (!accepted(use) && !refused(use)) continue
      tested += 1
      if (refused(use)) breaks.push([first.issue, ...before.filter((other) => other !== use), use])
    }
  }
  return { tested, breaks }
}

/** May this use look like a stolen token's: after its successor was used, or after its own grace? */
function isRisky(use: HistoryLine, uses: readonly HistoryLine[], graceUs: number): boolean {
  const { place } = parseRefreshToken(use.refreshToken ?? '')
  return uses.some((other) => {
    const otherPlace = parseRefreshToken(other.refreshToken ?? '').place
    if (otherPlace > place) return other.invokedUs < use.doneUs
    return otherPlace === place && other !== use && use.doneUs - other.invokedUs > graceUs
  })
}

/** A limit that ends a login ends its refresh token. */
function familyEndUs(history: History, family: string, login: Login, siblings: readonly Login[]): number {
  const { user, issue } = login
  const ends = history.lines
    // A logout whose credential was refused has ended its refresh token all the same.
    .filter((line) => line.revokes !== undefined && line !== issue)
    .filter((line) => mayHaveHappened(line) || (line.revokes?.reach === 'login' && refused(line)))
    .filter(
      ({ revokes, doneUs, certainty }) =>
        (revokes?.family === family && revokes.reach === 'login') ||
        (revokes?.reach === 'user' &&
          revokes.target === user &&
          (certainty === 'unsure' || doneUs > issue.invokedUs)),
    )
    .map(({ invokedUs }) => invokedUs)
  const refreshS = history.header?.refreshS
  const expiryUs = refreshS === undefined ? Number.POSITIVE_INFINITY : issue.invokedUs + (refreshS - 1) * 1e6
  return Math.min(expiryUs, evictionUs(history, login, siblings), ...ends)
}
