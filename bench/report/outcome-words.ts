import type { Outcome } from '#contract/outcomes.ts'

/** An outcome for people: two short lines for the head of a column, one for a legend. */
export interface OutcomeWords {
  readonly head: string
  readonly unit: string
  readonly label: string
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, OutcomeWords>> = {
  ok: { head: 'accepted', unit: '', label: 'accepted' },
  refused_as_expected: { head: 'refused', unit: 'expected', label: 'refused, as the mode does' },
  wrong_user: { head: 'wrong', unit: 'user', label: 'wrong user' },
  unexpected_401: { head: 'refused', unit: 'unexpected', label: 'refused unexpectedly (401)' },
  stale_accept: { head: 'accepted', unit: 'too late', label: 'accepted after logout' },
  '4xx': { head: '4xx', unit: '', label: 'other 4xx' },
  '503_store': { head: '503', unit: 'store', label: '503, store unavailable' },
  '502_proxy': { head: '502', unit: 'proxy', label: '502 from the proxy' },
  '5xx': { head: '5xx', unit: '', label: 'other 5xx' },
  connect_refused: { head: 'connect', unit: 'refused', label: 'connection refused' },
  reset: { head: 'reset', unit: '', label: 'connection reset' },
  aborted: { head: 'aborted', unit: '', label: 'aborted' },
  timeout: { head: 'timeout', unit: '', label: 'timed out' },
  unsent: { head: 'unsent', unit: '', label: 'never sent' },
}
