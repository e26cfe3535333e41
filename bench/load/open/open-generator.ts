import type { LoadGenerator } from '../plan.ts'
import { checkPlan } from '../plan-check.ts'
import { runOpen } from './open-run.ts'
import type { TickThread } from './tick-thread.ts'
import { startTickThread } from './tick-thread.ts'

/** The open loop: requests leave when they are due, whether or not earlier ones have been answered. */
export function createOpenGenerator(): LoadGenerator {
  const closing = new AbortController()
  let thread: Promise<TickThread> | undefined
  return {
    async run(plan, hooks = {}, signal) {
      checkPlan(plan)
      const both = AbortSignal.any(signal ? [signal, closing.signal] : [closing.signal])
      both.throwIfAborted()
      thread ??= startTickThread()
      return await runOpen(plan, await thread, hooks, both)
    },
    async close() {
      closing.abort()
      await (await thread)?.close()
    },
  }
}
