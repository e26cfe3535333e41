import type { HistoryLine } from '#contract/history.ts'
import { accepted } from './answers.ts'
import type { Checker } from './checker.ts'

export const oneTimeOnce: Checker = {
  name: 'one-time-once',
  promise: 'A one-time link or code is good at most once.',
  check({ lines }) {
    const uses = lines.filter((line) => line.secret !== undefined && line.op === 'claim' && accepted(line))
    const breaks: HistoryLine[][] = []
    for (const claims of Map.groupBy(uses, ({ secret }) => secret).values())
      if (claims.length > 1) breaks.push(claims)
    return {
      tested: new Set(uses.map(({ secret }) => secret)).size,
      breaks,
      what: 'one-time secrets that somebody got',
      nothing: 'No one-time secret was claimed.',
    }
  },
}
