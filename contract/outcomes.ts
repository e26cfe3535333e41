/**
 * What became of one request, one word each.
 * - `ok`: answered as a success, with the right user.
 * - `refused_as_expected`: a refusal the mode's table calls right (after a logout; two of three lookups in `local`).
 * - `wrong_user`: a success that names somebody else.
 * - `unexpected_401`: a refusal the table does not allow.
 * - `stale_accept`: sent after a revocation was acknowledged, and accepted.
 * - `4xx`, `503_store`, `502_proxy`, `5xx`: by status; `503_store` carries a store's reason.
 * - `connect_refused`, `reset`, `aborted`, `timeout`: no (whole) answer.
 * - `unsent`: was due and never left the generator.
 */
export const OUTCOMES = [
  'ok',
  'refused_as_expected',
  'wrong_user',
  'unexpected_401',
  'stale_accept',
  '4xx',
  '503_store',
  '502_proxy',
  '5xx',
  'connect_refused',
  'reset',
  'aborted',
  'timeout',
  'unsent',
] as const
export type Outcome = (typeof OUTCOMES)[number]

export type OutcomeCounts = Record<Outcome, number>

export function emptyOutcomeCounts(): OutcomeCounts {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as OutcomeCounts
}

/** Outcomes that count as available: a refusal that is right is an answer. */
export function isAvailable(outcome: Outcome): boolean {
  return outcome === 'ok' || outcome === 'refused_as_expected'
}
