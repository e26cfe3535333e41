import type { Upstream } from '../upstream/upstream.ts'
import { type AnswerHead, addAffinity } from './answer-head.ts'
import type { GuardContext } from './guard-context.ts'

/**
 * Books an answer's head on its upstream and finishes it for the client: pins the user where the answer's mode pins
 * and the user is not pinned there yet.
 * @param pinnedTo the node that the request's cookie named.
 */
export function takeAnswer(
  context: GuardContext,
  upstream: Upstream,
  head: AnswerHead,
  status: number,
  pinnedTo: string | undefined,
): void {
  upstream.answered += 1
  const isBad = (status === 502 || status === 503 || status === 504) && !head.storeUnavailable
  if (isBad) context.ejection.failed(upstream, `answered ${status}`)
  else context.ejection.succeeded(upstream)
  if (pinnedTo !== upstream.id && context.answerPins(head.mode)) {
    if (pinnedTo !== undefined) context.counters.pinsMoved += 1
    addAffinity(head, context.affinity.setCookie(upstream.id))
  }
  if (context.closing) head.headers.push('connection', 'close')
}
