import type { Expectation } from './operations.ts'
import type { Outcome } from './outcomes.ts'
import { UNAVAILABLE_REASONS } from './reasons.ts'

/** A whole HTTP answer, reduced to what its outcome depends on. */
export interface ClassifiedAnswer {
  status: number
  /** The user id the answer names, undefined where it names none. */
  userId: string | undefined
  /** `reason` of the error body (or of `x-stillin-unavailable`), if any. */
  reason: string | undefined
}

/**
 * The outcome of an answered request.
 * @param expectedUserId whom a success must name; undefined where the operation names nobody.
 * @param expectation what the mode's table says of the credential's state when the request was sent.
 */
export function classifyAnswer(
  answer: ClassifiedAnswer,
  expectedUserId: string | undefined,
  expectation: Expectation,
): Outcome {
  const { status } = answer
  if (status >= 200 && status < 300) {
    if (expectation === 'refuse') return 'stale_accept'
    return expectedUserId === undefined || answer.userId === expectedUserId ? 'ok' : 'wrong_user'
  }
  if (status === 401) return expectation === 'accept' ? 'unexpected_401' : 'refused_as_expected'
  if (status === 502) return '502_proxy'
  if (status === 503 && (UNAVAILABLE_REASONS as readonly string[]).includes(answer.reason ?? ''))
    return '503_store'
  return status >= 500 ? '5xx' : '4xx'
}
