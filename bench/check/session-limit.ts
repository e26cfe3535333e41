import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, asksForCredential, makesLogin, overByUs } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { byUser, type Login, loginsOf } from './logins.ts'

export const sessionLimit: Checker = {
  name: 'session-limit',
  promise: 'At rest, when no login is under way, nobody has more live sessions than the limit.',
  check,
}

function check(history: History, mode: Mode): Finding {
  const limit = history.header?.sessionsPerUser
  const breaks: HistoryLine[][] = []
  let tested = 0
  if (limit !== undefined && isLimited(mode)) {
    for (const [user, logins] of byUser(loginsOf(history))) {
      const making = history.lines.filter((line) => line.user === user && makesLogin(line))
      const busy = making.filter(({ certainty }) => certainty !== 'fail')
      for (const [fromUs, untilUs] of rests(busy)) {
        const proof = seenAlive(logins, fromUs, untilUs)
        const counts = history.lines.filter(
          (line) => line.user === user && line.invokedUs > fromUs && line.doneUs < untilUs && accepted(line),
        )
        const counted = counts.find(({ sessions = 0 }) => sessions > limit)
        // Whoever has made no more than may live at once shows nothing of the limit.
        const isOver = busy.filter(({ doneUs }) => doneUs <= fromUs).length > limit
        if (isOver && (proof.length > 0 || counts.some(({ sessions }) => sessions !== undefined))) tested += 1
        if (proof.length > limit) breaks.push(proof)
        else if (counted !== undefined) breaks.push([counted])
      }
    }
  }
  return {
    tested,
    breaks,
    what: 'times at rest in which a user’s sessions were seen',
    nothing:
      limit === undefined
        ? 'The history names no limit (sessionsPerUser in its first line).'
        : `Mode ${mode.name} keeps no sessions that all nodes count, or nobody who had begun more than the limit was seen at rest.`,
  }
}

/** Where all nodes count in one place. */
function isLimited({ credential, store, epochHome }: Mode): boolean {
  return credential === 'session-id-cookie' && store === 'redis' && epochHome === 'redis'
}

/** Stretches of time in which no operation of these is under way, after the first of them. */
function rests(busy: readonly HistoryLine[]): [fromUs: number, untilUs: number][] {
  const found: [number, number][] = []
  let overUs = Number.NEGATIVE_INFINITY
  for (const line of [...busy].sort((a, b) => a.invokedUs - b.invokedUs)) {
    if (line.invokedUs > overUs && Number.isFinite(overUs)) found.push([overUs, line.invokedUs])
    overUs = Math.max(overUs, overByUs(line))
  }
  if (Number.isFinite(overUs)) found.push([overUs, Number.POSITIVE_INFINITY])
  return found
}

/** One accepted use of each login that was alive at `fromUs`: nothing has begun since, so it was there at that moment. */
function seenAlive(logins: readonly Login[], fromUs: number, untilUs: number): HistoryLine[] {
  return logins
    .flatMap(({ uses }) => {
      const seen = uses.find(
        (use) => asksForCredential(use) && accepted(use) && use.invokedUs > fromUs && use.doneUs < untilUs,
      )
      return seen === undefined ? [] : [seen]
    })
    .sort((a, b) => a.invokedUs - b.invokedUs)
}
