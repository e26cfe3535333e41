import type { HistoryLine } from '#contract/history.ts'
import type { Checker } from './checker.ts'

export const epochForward: Checker = {
  name: 'epoch-forward',
  promise:
    'A user’s epoch never goes back, and is another after an acknowledged revocation of all the user has.',
  check({ lines }) {
    const breaks: HistoryLine[][] = []
    let tested = 0
    const shown = lines.filter(({ issued, certainty }) => certainty === 'ok' && issued?.epoch !== undefined)
    // What a write issues anew carries the epoch of its login.
    const begun = shown.filter(({ issued, login }) => issued?.login !== login)
    for (const [user, ofUser] of Map.groupBy(begun, (line) => line.user)) {
      const revocations = lines.filter(
        ({ revokes, certainty }) =>
          revokes?.reach === 'user' && revokes.target === user && certainty === 'ok',
      )
      let highest: HistoryLine | undefined
      for (const line of ofUser) {
        // The highest epoch that had been handed out before this one was asked for.
        highest = ofUser
          .filter((other) => other.doneUs < line.invokedUs)
          .reduce<HistoryLine | undefined>(
            (top, other) => (epochOf(other) > epochOf(top) ? other : top),
            undefined,
          )
        if (highest === undefined) continue
        tested += 1
        const before = highest
        const between = revocations.find(
          (revocation) => revocation.invokedUs > before.doneUs && revocation.doneUs < line.invokedUs,
        )
        if (epochOf(line) < epochOf(before)) breaks.push([before, line])
        else if (between !== undefined && epochOf(line) === epochOf(before))
          breaks.push([before, between, line])
      }
    }
    return {
      tested,
      breaks,
      what: 'epochs that were handed out one after another',
      nothing: 'Fewer than two credentials of one user show an epoch.',
    }
  },
}

function epochOf(line: HistoryLine | undefined): number {
  return line?.issued?.epoch ?? -1
}
