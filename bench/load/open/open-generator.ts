import type { LoadGenerator } from '../plan.ts'
import { checkPlan } from '../plan-check.ts'
import { runOpen } from './open-run.ts'

/** The open loop: requests leave when they are due, whether or not earlier ones have been answered. */
export function createOpenGenerator(): LoadGenerator {
  const closing = new AbortController()
  return {
    async run(plan, hooks = {}, signal) {
      checkPlan(plan)
      const both = AbortSignal.any(signal ? [signal, closing.signal] : [closing.signal])
      both.throwIfAborted()
      return await runOpen(plan, hooks, both)
    },
    async close() {
      closing.abort()
    },
  }
}
