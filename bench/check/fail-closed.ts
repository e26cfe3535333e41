import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, asksForCredential, isAnswered, refused } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { confirmsTransfers, sharesRefreshTokens } from './promises.ts'

/** Reasons that only a store can give; the others follow from the credential itself. */
const FROM_STORE = ['unknown', 'revoked']

export const failClosed: Checker = {
  name: 'fail-closed',
  promise:
    'While the store that decides is silent nobody is let in, or only for as long as the mode can vouch; nor is anybody refused for it.',
  check,
}

function check(history: History, mode: Mode): Finding {
  const breaks: HistoryLine[][] = []
  let tested = 0
  const vouchUs = vouchesForUs(history, mode)
  const silences = history.lines.filter(({ op, certainty }) => op === 'silence' && certainty === 'ok')
  for (const silence of silences) {
    const within = history.lines.filter(
      (line) => line.invokedUs > silence.invokedUs && line.doneUs < silence.doneUs && line !== silence,
    )
    for (const line of within) {
      const limitUs = limitFor(line, mode, vouchUs)
      if (limitUs === undefined || !isAnswered(line)) continue
      tested += 1
      if (accepted(line) && line.invokedUs > silence.invokedUs + limitUs) breaks.push([silence, line])
      else if (limitUs === 0 && refused(line) && FROM_STORE.includes(line.reason))
        breaks.push([silence, line])
    }
  }
  return {
    tested,
    breaks,
    what: 'questions while the store was silent',
    nothing: `The history holds no silence of the store, or mode ${mode.name} asks none.`,
  }
}

/** How long the mode vouches for a credential without its store, µs; undefined: it never asks one on a lookup. */
function vouchesForUs({ header }: History, { needs, verification, boundMs }: Mode): number | undefined {
  if (!needs.includes('redis') || verification === 'offline') return undefined
  return verification === 'online' ? 0 : 1000 * (header?.boundMs ?? boundMs ?? 0)
}

/** From the beginning of the silence, µs; undefined: the store has no part in it. */
function limitFor(line: HistoryLine, mode: Mode, vouchUs: number | undefined): number | undefined {
  if (line.op === 'refresh')
    return line.refreshToken !== undefined && sharesRefreshTokens(mode) ? 0 : undefined
  if (line.op === 'transfer' && confirmsTransfers(mode)) return 0
  return asksForCredential(line) && line.credential !== '' ? vouchUs : undefined
}
