import type { LoadGenerator } from '../plan.ts'
import { checkPlan } from '../plan-check.ts'
import { runClosed } from './closed-run.ts'

/** The closed loop: each connection sends its next request when the last one has been answered. */
export function createClosedGenerator(): LoadGenerator {
  const closing = new AbortController()
  return {
    async run(plan, hooks = {}, signal) {
      checkPlan(plan)
      const both = AbortSignal.any(signal ? [signal, closing.signal] : [closing.signal])
      both.throwIfAborted()
      return await runClosed(plan, hooks, both)
    },
    async close() {
      closing.abort()
    },
  }
}
