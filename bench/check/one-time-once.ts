import type { HistoryLine } from '#contract/history.ts'
import { accepted, isAnswered } from './answers.ts'
import type { Checker } from './checker.ts'

export const oneTimeOnce: Checker = {
  name: 'one-time-once',
  promise: 'A one-time link or code is good at most once.',
  check({ lines }) {
    const tries = lines.filter((line) => line.secret !== undefined && line.op === 'claim' && isAnswered(line))
    const breaks: HistoryLine[][] = []
    let tested = 0
    for (const claims of Map.groupBy(tries, ({ secret }) => secret).values()) {
      const got = claims.filter(accepted)
      // Claimed once and never tried again, it shows nothing of a second time.
      if (got.length > 0 && claims.length > 1) tested += 1
      if (got.length > 1) breaks.push(got)
    }
    return {
      tested,
      breaks,
      what: 'one-time secrets that somebody got and that were tried more than once',
      nothing: 'No one-time secret was claimed and tried again.',
    }
  },
}
