import { setTimeout as delay } from 'node:timers/promises'
import type { WatchedThroughout } from '#contract/lag.ts'
import type { SharedPace } from './shared-pace.ts'

/** Refusals in a row after which a node is believed. */
export const REFUSALS = 3
/** How often one that is believed is asked again, ms. */
const BELIEVED_PAUSE_MS = 200

/**
 * Asks one node until the signal: closely while it has not refused three times in a row, and closely again when it
 * accepts after that.
 * @param ask the status of its answer; undefined: no whole answer came.
 * @param fromMs when the revocation was acknowledged, on `performance.now()`.
 */
export async function askThroughout(
  ask: () => Promise<number | undefined>,
  fromMs: number,
  pace: SharedPace,
  over: AbortSignal,
): Promise<Omit<WatchedThroughout, 'id'>> {
  const seen = { lagMs: 0, answeredMs: 0, questions: 0, unavailable: 0, unanswered: 0 }
  let refusals = 0
  let before: number | undefined
  pace.enter()
  while (!over.aborted) {
    const wasBelieved = refusals >= REFUSALS
    const sentMs = performance.now()
    if (!wasBelieved && before !== undefined) pace.note(sentMs - before)
    before = sentMs
    const status = await ask()
    seen.questions += 1
    if (status === 200)
      Object.assign(seen, { lagMs: sentMs - fromMs, answeredMs: performance.now() - fromMs })
    if (status === 503) seen.unavailable += 1
    if (status === undefined) seen.unanswered += 1
    // Who cannot tell, or does not answer, has taken no refusal back; but refusals in a row it takes to be believed.
    if (status === 401) refusals += 1
    else if (status === 200 || !wasBelieved) refusals = 0
    const isBelieved = refusals >= REFUSALS
    if (isBelieved && !wasBelieved) pace.leave()
    if (!isBelieved && wasBelieved) pace.enter()
    const pauseMs = isBelieved ? BELIEVED_PAUSE_MS : pace.pauseMs()
    await delay(pauseMs, undefined, { signal: over }).catch(() => undefined)
  }
  const finished = refusals >= REFUSALS
  if (!finished) pace.leave()
  return { ...seen, finished }
}
