import type { CsrfDemo, ForgeryTable, ForgeryTry } from '#contract/csrf.ts'

/** More names than this are a list to be read in the grid. */
const NAMED_MAX = 2

/** What the attacks came to, and no more than that. */
export function csrfSentence({ tables, victimStillIn }: Omit<CsrfDemo, 'sentence'>): string {
  const guarded = tables.flatMap(({ rows }) => rows.map((row) => row.protected))
  const through = count(guarded)
  const verdict = `${through === 0 ? 'None' : through} of ${guarded.length} got through where a header and JSON are asked for`
  const ended = victimStillIn ? '' : ', and the victim was logged out'
  return `${tables.map(aboutUnprotected).join('; ')}. ${verdict}${ended}.`
}

function count(tries: readonly ForgeryTry[]): number {
  return tries.filter(({ result }) => result === 'done').length
}

function aboutUnprotected({ cookie, sameSite, rows }: ForgeryTable): string {
  const done = rows.filter((row) => row.unprotected.result === 'done')
  const total = `${done.length} of ${rows.length} attacks got through the unprotected route`
  if (cookie === 'none')
    return done.length === 0
      ? `A browser attaches no token by itself: ${total}, and there is nothing to forge`
      : total
  const when = cookie === 'as-set' ? `With SameSite=${sameSite}` : `with SameSite=${sameSite}`
  const foreign = done.filter(({ from }) => from === 'cross-site').map(({ attack }) => attack)
  const named = foreign.length <= NAMED_MAX ? ` (${foreign.join(', ')})` : ''
  const sisters = done.length - foreign.length
  const who = [
    ...(foreign.length === 0 ? [] : [`${foreign.length} from another site${named}`]),
    ...(sisters === 0 ? [] : [`${sisters} from a sister subdomain`]),
  ]
  return `${when} ${total}${who.length === 0 ? '' : `: ${who.join(', ')}`}`
}
