import type { Checker } from '#bench/check/checker.ts'
import { runChecker } from '#bench/check/judge-history.ts'
import type { History, HistoryHeader, HistoryLine } from '#contract/history.ts'
import type { CheckResult } from '#contract/judgement.ts'
import { MODES, type ModeName } from '#contract/modes.ts'

type Facts = Partial<HistoryLine> & Pick<HistoryLine, 'op'>

/**
 * A history written by hand: each operation takes place from `at` to `until` (ms; one ms unless given), by user `u` at
 * node `n1` with the answer `ok`, unless it says otherwise. A credential `c/1` belongs to the login `c`.
 */
export function written(
  operations: readonly (readonly [at: number, until: number, facts: Facts])[],
  header: Partial<HistoryHeader> = {},
): History {
  const lines = operations.map(([at, until, facts], seq) => {
    const credential = facts.credential ?? ''
    const line: HistoryLine = {
      seq,
      client: 'c',
      user: 'u',
      credential,
      node: 'n1',
      mode: 'redis',
      via: 'proxy',
      invokedUs: at * 1000,
      doneUs: until * 1000,
      outcome: 'ok',
      certainty: 'ok',
      reason: '',
      ...(credential === '' ? {} : { login: credential.split('/')[0] ?? '' }),
      ...facts,
    }
    return line
  })
  return {
    header: { history: 1, mode: 'redis', seed: 1, nodes: 3, graceMs: 10_000, ...header },
    lines: lines.sort((a, b) => a.invokedUs - b.invokedUs),
  }
}

/** The facts of a login named `name`, with more of what was issued. */
export function login(name: string, more: Partial<NonNullable<HistoryLine['issued']>> = {}): Facts {
  return { op: 'login', issued: { credential: `${name}/1`, login: name, ...more } }
}

export const REFUSED = { outcome: 'refused_as_expected', certainty: 'fail', reason: 'revoked' } as const
export const UNSURE = { outcome: 'timeout', certainty: 'unsure', reason: 'UND_ERR_ABORTED' } as const

export function logout(name: string, more: Partial<HistoryLine> = {}): Facts {
  return { op: 'logout', credential: `${name}/1`, revokes: { reach: 'login', target: name }, ...more }
}

export function everywhere(op: Facts['op'] = 'logout-all', more: Partial<HistoryLine> = {}): Facts {
  return { op, revokes: { reach: 'user', target: 'u' }, ...more }
}

export function judged(checker: Checker, history: History, mode: ModeName = 'redis'): CheckResult {
  return runChecker(checker, history, MODES[mode])
}
