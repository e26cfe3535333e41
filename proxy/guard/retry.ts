import type { OutboundRequest } from '../forward/forwarder.ts'
import type { GuardContext } from './guard-context.ts'
import { isRepeatable } from './outbound.ts'

/**
 * Takes a retry out of the budget, where the request may be sent once more at all. A try of which no byte was sent
 * has put no load on any upstream: the next one is free of the budget and need not wait.
 * @param sent whether bytes of it may have reached an upstream.
 * @param tries how often it has been tried so far.
 * @returns how long to wait before it, ms; undefined: no retry.
 */
export function takeRetry(
  context: GuardContext,
  request: OutboundRequest,
  sent: boolean,
  tries: number,
): number | undefined {
  const { budget, counters, settings, random } = context
  if (tries >= settings.retry.maxTries || !isRepeatable(request, sent)) return undefined
  if (!sent) {
    counters.retries += 1
    return 0
  }
  if (!budget.take()) {
    counters.retriesDenied += 1
    return undefined
  }
  counters.retries += 1
  const { minDelayMs, maxDelayMs } = settings.retry
  return minDelayMs + random() * (maxDelayMs - minDelayMs)
}
