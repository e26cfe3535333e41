import type { HistoryLine, HistoryOperation } from '#contract/history.ts'

/** Operations that a credential must be good for. */
const NEEDING_CREDENTIAL: readonly HistoryOperation[] = ['lookup', 'read', 'write', 'transfer', 'sessions']

/** Was a credential put to the test? */
export function asksForCredential({ op }: HistoryLine): boolean {
  return NEEDING_CREDENTIAL.includes(op)
}

/** Operations that can make a login, and with it a session. */
const MAKING: readonly HistoryOperation[] = ['login', 'seed', 'claim', 'refresh', 'password']

export function makesLogin({ op }: HistoryLine): boolean {
  return MAKING.includes(op)
}

/** The answer is known to have been a success. */
export function accepted({ outcome, certainty }: HistoryLine): boolean {
  return certainty === 'ok' && (outcome === 'ok' || outcome === 'stale_accept' || outcome === 'wrong_user')
}

/** The answer was a 401. */
export function refused({ outcome }: HistoryLine): boolean {
  return outcome === 'refused_as_expected' || outcome === 'unexpected_401'
}

/** The server said something: only then was it put to the test. */
export function isAnswered({ outcome, certainty }: HistoryLine): boolean {
  return certainty !== 'unsure' && outcome !== 'unsent' && outcome !== 'connect_refused'
}

export function mayHaveHappened({ certainty }: HistoryLine): boolean {
  return certainty !== 'fail'
}

/** From here on the operation may no longer take effect; an unsure one may for ever. */
export function overByUs({ certainty, doneUs }: HistoryLine): number {
  return certainty === 'unsure' ? Number.POSITIVE_INFINITY : doneUs
}
