import type { Mode } from '#contract/modes.ts'

/** Every answer comes within this, whatever Redis does. */
export const ANSWER_MS = 300
/** All is as before this long after Redis is back. */
export const RECOVERY_MS = 1_000

export type Asked = 'live' | 'write' | 'transfer' | 'login' | 'logout' | 'logged-out' | 'forged'

/** One request through the entrance. Times in ms from the moment when the fault was in force. */
export interface Question {
  asked: Asked
  atMs: number
  tookMs: number
  /** 0: no whole answer came. */
  status: number
  /** An answer took the session's cookie away. */
  clearedCookie: boolean
}

/** What a fault left to be judged. */
export interface Seen {
  questions: readonly Question[]
  /** Until Redis was told to come back, and until it had. */
  healBeganMs: number
  healedMs: number
  /** Nodes that the proxy took out, or took for down, meanwhile. */
  ejected: readonly string[]
}

/** A sentence of the goal: what was seen of it, and whether that was so. */
export interface Clause {
  name: string
  ok: boolean
  seen: string
}

/**
 * What the goal says of a dead Redis, clause by clause: every answer in time and as the mode's table says, nobody in who
 * should not be, nobody's cookie cleared, no node ejected for it, recovery in time.
 */
export function judgeRedisDead(mode: Mode, { questions, healBeganMs, healedMs, ejected }: Seen): Clause[] {
  const during = questions.filter(({ atMs }) => atMs >= 0 && atMs < healBeganMs)
  // One that was on its way when Redis came back may be answered by it.
  const settled = during.filter(({ atMs, tookMs }) => atMs + tookMs < healBeganMs)
  const slowest = during.reduce((worst, one) => (one.tookMs > worst.tookMs ? one : worst), during[0] ?? NONE)
  const late = during.filter(({ tookMs }) => tookMs > ANSWER_MS)
  const wrong = settled.filter((one) => !isAsDeclared(mode, one))
  const outsiders = questions.filter((one) => mustStayOut(mode, one))
  const intruders = outsiders.filter(({ status }) => status === 200)
  const wanted = questions.filter(({ atMs, asked }) => atMs >= healedMs && !OUTSIDE.includes(asked))
  const failedAfter = wanted.filter(({ status }) => status >= 300 || status === 0)
  const lastFailedMs = Math.max(0, ...failedAfter.map(({ atMs }) => atMs - healedMs))
  return [
    {
      name: `answers within ${ANSWER_MS} ms`,
      ok: during.length > 0 && late.length === 0,
      seen: `${late.length} of ${during.length} late; slowest ${slowest.tookMs.toFixed(0)} ms (${slowest.asked})`,
    },
    { name: 'as the table says', ok: wrong.length === 0, seen: wrongWords(wrong, settled.length) },
    {
      name: 'nobody in who should be out',
      ok: intruders.length === 0,
      seen: `${intruders.length} of ${outsiders.length} let in`,
    },
    {
      name: 'nobody’s cookie cleared',
      ok: questions.every(({ clearedCookie, status }) => !clearedCookie || status < 300),
      seen: `${questions.filter(({ clearedCookie, status }) => clearedCookie && status >= 300).length} answers`,
    },
    { name: 'no node ejected', ok: ejected.length === 0, seen: ejected.join(', ') || 'none' },
    {
      name: `right again within ${RECOVERY_MS} ms`,
      ok: lastFailedMs <= RECOVERY_MS && wanted.some(({ atMs }) => atMs > healedMs + RECOVERY_MS),
      seen: `last failure ${lastFailedMs.toFixed(0)} ms after its return, of ${wanted.length} asked`,
    },
  ]
}

const NONE: Question = { asked: 'live', atMs: 0, tookMs: 0, status: 0, clearedCookie: false }
const OUTSIDE: readonly Asked[] = ['logged-out', 'forged']

/** What may be answered while Redis is away, by the mode's table. */
function isAsDeclared(mode: Mode, { asked, atMs, status }: Question): boolean {
  if (asked === 'forged') return status === 401
  if (asked === 'login' || asked === 'logout') return status === 503
  const { lookup, transfer } = mode.expected
  // What matters asks the store, also where a lookup asks nobody.
  if (asked === 'transfer' && transfer['logged-out'] !== lookup['logged-out']) return status === 503
  const promised = lookup[asked === 'logged-out' ? 'logged-out' : 'live']
  // Whoever asks nobody, or may still vouch for what was pushed to it, answers as if Redis were there.
  const asBefore = promised === 'accept' ? status === 200 : status === 401
  if (mode.verification === 'offline') return asBefore
  const vouches = mode.verification === 'distributed' && atMs <= (mode.boundMs ?? 0)
  return status === 503 || (vouches && asBefore)
}

/** A login that was ended is accepted where the mode's table declares that it is. */
function mustStayOut(mode: Mode, { asked }: Question): boolean {
  return asked === 'forged' || (asked === 'logged-out' && mode.expected.lookup['logged-out'] === 'refuse')
}

function wrongWords(wrong: readonly Question[], count: number): string {
  const kinds = Map.groupBy(wrong, ({ asked, status }) => `${asked} ${status || 'no answer'}`)
  const each = [...kinds].map(([kind, ones]) => `${ones.length} × ${kind}`).join(', ')
  return `${wrong.length} of ${count} not${each === '' ? '' : `: ${each}`}`
}
