import type { History, HistoryLine } from '#contract/history.ts'
import { accepted, isAnswered, mayHaveHappened } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { parseRefreshToken } from './logins.ts'

export const refreshOnce: Checker = {
  name: 'refresh-once',
  promise:
    'A refresh token has one successor and is good once, or again within its grace; one that is used later ends its family.',
  check,
}

function check(history: History): Finding {
  const uses = history.lines.filter(({ op, refreshToken }) => op === 'refresh' && refreshToken !== undefined)
  const families = Map.groupBy(uses, ({ refreshToken = '' }) => parseRefreshToken(refreshToken).family)
  const graceUs = history.header?.graceMs === undefined ? undefined : history.header.graceMs * 1000
  const breaks: HistoryLine[][] = []
  let tested = 0
  for (const family of families.values()) {
    const good = family.filter(accepted)
    for (const use of good) {
      const rivals = good.filter((other) => other.seq < use.seq && other.refreshToken === use.refreshToken)
      // A token that was used once shows nothing of a second use.
      if (family.some((other) => isAgain(use, other))) tested += 1
      const fork = rivals.find((other) => successor(other) !== successor(use))
      const early = rivals.find((other) => graceUs !== undefined && use.invokedUs > other.doneUs + graceUs)
      if (fork !== undefined) breaks.push([fork, use])
      else if (early !== undefined) breaks.push([early, use])
    }
    const reuse = firstReuse(family, good)
    if (reuse === undefined) continue
    const later = family.filter((use) => use.invokedUs > reuse.use.doneUs)
    tested += 1 + later.length
    if (accepted(reuse.use)) breaks.push([...reuse.because, reuse.use])
    const alive = later.find(accepted)
    if (alive !== undefined) breaks.push([...reuse.because, reuse.use, alive])
  }
  return {
    tested,
    breaks,
    what: 'uses of refresh tokens that were used more than once, or of their families after that',
    nothing: 'No refresh token was used more than once.',
  }
}

/** Another use of the same token, with an answer. */
function isAgain(use: HistoryLine, other: HistoryLine): boolean {
  return other !== use && other.refreshToken === use.refreshToken && isAnswered(other)
}

function successor({ issued }: HistoryLine): string | undefined {
  return issued?.refreshToken
}

/** The first use of a token whose successor had been used, with an answer, before it was sent. */
function firstReuse(
  family: readonly HistoryLine[],
  good: readonly HistoryLine[],
): { use: HistoryLine; because: readonly HistoryLine[] } | undefined {
  for (const use of family) {
    if (!mayHaveHappened(use) && use.outcome === 'connect_refused') continue
    const { place } = parseRefreshToken(use.refreshToken ?? '')
    const moved = good.find(
      (other) => parseRefreshToken(other.refreshToken ?? '').place > place && other.doneUs < use.invokedUs,
    )
    const wasAnswered = accepted(use) || use.outcome.endsWith('_401') || use.outcome === 'refused_as_expected'
    if (moved !== undefined && wasAnswered) return { use, because: [moved] }
  }
  return undefined
}
