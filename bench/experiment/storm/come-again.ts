import type { Answer, SendFailure } from '#bench/load/send.ts'

/** As the AWS SDKs do by default: twice as long after each failure, all of it left to chance, and no more than 20 s. */
const FIRST_MS = 1_000
const MOST_MS = 20_000
/** More than any of our parts says; who says so is not believed. */
const RETRY_AFTER_MAX_S = 60

/** How long somebody waits who was turned away, ms: what the answer asks for, and then a time by chance (in [0, 1)). */
export function pauseMs(failures: number, retryAfterS: number, chance: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1))
  return 1000 * retryAfterS + chance * most
}

/** What turned somebody away, in the service’s own words: `429 too_many_logins`; or `timeout`, `reset`, … without an answer. */
export function turnedAwayBy(answer: Answer | SendFailure): string {
  if (answer.kind !== 'answer') return answer.kind
  const { error } = (answer.body ?? {}) as { error?: unknown }
  return typeof error === 'string' ? `${answer.status} ${error}` : String(answer.status)
}

/** Seconds of `retry-after`; 0: nothing was asked for. */
export function retryAfterS(answer: Answer | SendFailure): number {
  if (answer.kind !== 'answer') return 0
  const text = answer.headers['retry-after'] ?? ''
  return /^\d{1,5}$/.test(text) ? Math.min(Number(text), RETRY_AFTER_MAX_S) : 0
}
