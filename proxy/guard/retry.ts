import type { OutboundRequest } from '../forward/forwarder.ts'
import type { GuardContext } from './guard-context.ts'
import { isRepeatable } from './outbound.ts'

/**
 * Takes a retry out of the budget, where the request may be sent once more at all.
 * @param sent whether bytes of it may have reached an upstream.
 * @returns how long to wait before it, ms; undefined: no retry.
 */
export function takeRetry(
  context: GuardContext,
  request: OutboundRequest,
  sent: boolean,
): number | undefined {
  const { budget, counters, settings, random } = context
  if (!isRepeatable(request, sent)) return undefined
  if (!budget.take()) {
    counters.retriesDenied += 1
    return undefined
  }
  counters.retries += 1
  const { minDelayMs, maxDelayMs } = settings.retry
  return minDelayMs + random() * (maxDelayMs - minDelayMs)
}
