import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { makesLogin, mayHaveHappened, overByUs } from './answers.ts'
import { byUser, type Login, loginsOf, parseRefreshToken } from './logins.ts'

const SECOND = 1_000_000

/**
 * From when on each login may be over, µs: the invocation of the first thing that can have ended it (a revocation, known
 * or unsure; its expiry, a second early for whoever counts in whole ones; its user's limit of sessions; the death of a
 * node that nothing survives). Before that moment a refusal has no excuse. Infinity: nothing can have.
 */
export function loginEnds(history: History, mode: Mode): ReadonlyMap<string, number> {
  const logins = loginsOf(history)
  const ofUser = byUser(logins)
  const revocations = history.lines.filter((line) => line.revokes !== undefined && mayHaveHappened(line))
  const byTarget = Map.groupBy(revocations, ({ revokes }) => `${revokes?.reach} ${revokes?.target}`)
  const byFamily = Map.groupBy(revocations, ({ revokes }) => revokes?.family ?? '')
  const death = history.lines.find(({ op }) => op === 'kill' && mode.survives === 'never')?.invokedUs
  return new Map(
    [...logins.values()].map((login) => {
      const { name, user, issue, issued } = login
      const family = issued.refreshToken && parseRefreshToken(issued.refreshToken).family
      const ends = [
        ...(byTarget.get(`login ${name}`) ?? []).map(({ invokedUs }) => invokedUs),
        ...(byTarget.get(`user ${user}`) ?? [])
          .filter((line) => reaches(line, login))
          .map(({ invokedUs }) => invokedUs),
        ...(family === undefined ? [] : (byFamily.get(family) ?? [])).map(({ invokedUs }) => invokedUs),
        issued.livesS === undefined
          ? Number.POSITIVE_INFINITY
          : issue.invokedUs + (issued.livesS - 1) * SECOND,
        evictionUs(history, login, ofUser.get(user) ?? []),
        death ?? Number.POSITIVE_INFINITY,
      ]
      return [name, Math.min(...ends)]
    }),
  )
}

/** Can this revocation of a whole user have ended that login? Not if it was over before the login began. */
function reaches(line: HistoryLine, { issue }: Login): boolean {
  return line !== issue && overByUs(line) > issue.invokedUs
}

/** When the first operation was invoked that, with those before it, can have made one session too many. */
export function evictionUs({ header, lines }: History, { issue }: Login, siblings: readonly Login[]): number {
  const limit = header?.sessionsPerUser
  if (limit === undefined) return Number.POSITIVE_INFINITY
  const unsure = lines.filter(
    (line) => line.certainty === 'unsure' && line.user === issue.user && makesLogin(line),
  )
  const later = [...siblings.map((sibling) => sibling.issue).filter((other) => other !== issue), ...unsure]
    .filter((other) => overByUs(other) > issue.invokedUs)
    .map(({ invokedUs }) => invokedUs)
    .sort((a, b) => a - b)
  return later[limit - 1] ?? Number.POSITIVE_INFINITY
}
