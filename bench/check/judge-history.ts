import type { History } from '#contract/history.ts'
import type { CheckResult, Judgement } from '#contract/judgement.ts'
import { MODES, type Mode, type ModeName } from '#contract/modes.ts'
import { absoluteLifetime } from './absolute-lifetime.ts'
import type { Checker } from './checker.ts'
import { epochForward } from './epoch-forward.ts'
import { failClosed } from './fail-closed.ts'
import { honestAcknowledgements } from './honest-acknowledgements.ts'
import { loginsKept } from './logins-kept.ts'
import { noFalseLogout } from './no-false-logout.ts'
import { noResurrection } from './no-resurrection.ts'
import { oneTimeOnce } from './one-time-once.ts'
import { passwordChange } from './password-change.ts'
import { refreshOnce } from './refresh-once.ts'
import { revocationsHold } from './revocations-hold.ts'
import { rightUser } from './right-user.ts'
import { sessionLimit } from './session-limit.ts'

/** Every promise that is looked for. */
export const CHECKERS: readonly Checker[] = [
  revocationsHold,
  noResurrection,
  passwordChange,
  loginsKept,
  noFalseLogout,
  rightUser,
  refreshOnce,
  oneTimeOnce,
  sessionLimit,
  epochForward,
  honestAcknowledgements,
  failClosed,
  absoluteLifetime,
]

/**
 * Runs every checker over a history, each mode's operations by themselves.
 * @param as judge by this row of the table, whatever mode the lines name.
 */
export function judgeHistory(history: History, as?: ModeName): Judgement[] {
  const { header, lines } = history
  const modes = as === undefined ? [...new Set(lines.map((line) => line.mode))] : [as]
  return modes.map((mode) => {
    const own = as === undefined ? lines.filter((line) => line.mode === mode) : lines
    const results = CHECKERS.map((checker) => runChecker(checker, { header, lines: own }, MODES[mode]))
    return {
      mode,
      ...(header?.plant === undefined ? {} : { plant: header.plant }),
      ...(header === undefined ? {} : { seed: header.seed }),
      operations: own.length,
      verdict: overall(results),
      results,
    }
  })
}

/** One checker's answer as people read it. */
export function runChecker({ name, promise, check }: Checker, history: History, mode: Mode): CheckResult {
  const { tested, breaks, what, nothing } = check(history, mode)
  const [first] = breaks
  const verdict = first !== undefined ? 'invalid' : tested > 0 ? 'valid' : 'unknown'
  return {
    checker: name,
    promise,
    verdict,
    tested,
    broken: breaks.length,
    detail: verdict === 'unknown' ? nothing : `${tested} ${what}`,
    evidence: [...(first ?? [])].sort((a, b) => a.invokedUs - b.invokedUs || a.seq - b.seq),
  }
}

function overall(results: readonly CheckResult[]): Judgement['verdict'] {
  if (results.some(({ verdict }) => verdict === 'invalid')) return 'invalid'
  return results.some(({ verdict }) => verdict === 'valid') ? 'valid' : 'unknown'
}
