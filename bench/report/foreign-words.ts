import type { Outcome } from '#contract/outcomes.ts'
import { OUTCOME_WORDS, type OutcomeWords } from './outcome-words.ts'

/** Outcomes at a service that is not ours: in and out are what its file says, and no promise is known. */
export const FOREIGN_WORDS: Readonly<Record<Outcome, OutcomeWords>> = {
  ...OUTCOME_WORDS,
  ok: { head: 'in', unit: '', label: 'in' },
  unexpected_401: { head: 'out', unit: '', label: 'out' },
  '4xx': { head: 'neither', unit: '', label: 'neither in nor out' },
  '502_proxy': { head: '502', unit: '', label: '502' },
  '5xx': { head: '5xx', unit: '', label: 'other 5xx' },
}
