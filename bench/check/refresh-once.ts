import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, isAnswered, refused } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { parseRefreshToken } from './logins.ts'
import { sharesRefreshTokens } from './promises.ts'

export const refreshOnce: Checker = {
  name: 'refresh-once',
  promise:
    'A refresh token has one successor and is good once, or again within its grace; one that is used later ends its family.',
  check,
}

function check(history: History, mode: Mode): Finding {
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
      if (family.some((other) => isAgain(use, other, mode))) tested += 1
      const fork = rivals.find((other) => successor(other) !== successor(use))
      const early = rivals.find((other) => isGraceOver(other, use, graceUs))
      if (fork !== undefined) breaks.push([fork, use])
      else if (early !== undefined) breaks.push([early, use])
    }
    const reuse = firstReuse(family, good, mode, graceUs)
    if (reuse === undefined) continue
    const later = family.filter(
      (use) => use.invokedUs > reuse.use.doneUs && areOfOneHolder(use, reuse.use, mode) && isAnswered(use),
    )
    tested += 1 + later.length
    if (accepted(reuse.use) && !isGraceOver(reuse.because, reuse.use, graceUs))
      breaks.push([reuse.because, reuse.use])
    const alive = later.find(accepted)
    if (alive !== undefined) breaks.push([reuse.because, reuse.use, alive])
  }
  return {
    tested,
    breaks,
    what: 'uses of refresh tokens that were used more than once, or of their families after that',
    nothing: 'No refresh token was used more than once where it is remembered.',
  }
}

/** Another use of the same token, with an answer of somebody who must know the first. */
function isAgain(use: HistoryLine, other: HistoryLine, mode: Mode): boolean {
  return (
    other !== use &&
    other.refreshToken === use.refreshToken &&
    isAnswered(other) &&
    areOfOneHolder(use, other, mode)
  )
}

/** Were both answered out of the same memory of families? Where each node has its own, the others know nothing. */
function areOfOneHolder(one: HistoryLine, other: HistoryLine, mode: Mode): boolean {
  return sharesRefreshTokens(mode) || (one.node !== '' && one.node === other.node)
}

function successor({ issued }: HistoryLine): string | undefined {
  return issued?.refreshToken
}

/** Was the same token used so long before that this use is past any grace? */
function isGraceOver(before: HistoryLine, use: HistoryLine, graceUs: number | undefined): boolean {
  return (
    graceUs !== undefined &&
    before.refreshToken === use.refreshToken &&
    use.invokedUs > before.doneUs + graceUs
  )
}

/** The first use, with an answer, of a token whose successor had been used, or whose grace was over, before it was sent. */
function firstReuse(
  family: readonly HistoryLine[],
  good: readonly HistoryLine[],
  mode: Mode,
  graceUs: number | undefined,
): { use: HistoryLine; because: HistoryLine } | undefined {
  for (const use of family) {
    if (!accepted(use) && !refused(use)) continue
    const { place } = parseRefreshToken(use.refreshToken ?? '')
    const because = good.find(
      (other) =>
        areOfOneHolder(use, other, mode) &&
        (isGraceOver(other, use, graceUs) ||
          (parseRefreshToken(other.refreshToken ?? '').place > place && other.doneUs < use.invokedUs)),
    )
    if (because !== undefined) return { use, because }
  }
  return undefined
}
