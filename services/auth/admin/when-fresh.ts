import { setTimeout as delay } from 'node:timers/promises'
import { AnswerError, ERRORS } from '../errors.ts'

const WAIT_MAX_MS = 45_000
const RETRY_MS = 100

/**
 * The answer of a store that cannot vouch for it just now, once it can again: a node that replicates and was stopped for
 * a moment catches up first. For work that is not timed; at most 45 s.
 * @param ask must leave nothing behind when it is refused as stale.
 */
export async function whenFresh<T>(ask: () => Promise<T>, waitMaxMs = WAIT_MAX_MS): Promise<T> {
  const giveUpAtMs = performance.now() + waitMaxMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const isStale = error instanceof AnswerError && error.declaration === ERRORS.stale
      if (!isStale || performance.now() > giveUpAtMs) throw error
      await delay(RETRY_MS)
    }
  }
}
