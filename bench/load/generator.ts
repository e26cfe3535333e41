import { createClosedGenerator } from './closed/closed-generator.ts'
import { createOpenGenerator } from './open/open-generator.ts'
import type { LoadGenerator } from './plan.ts'

/** Both generators in this process; the plan's kind chooses. */
export function createGenerator(): LoadGenerator {
  const closed = createClosedGenerator()
  const open = createOpenGenerator()
  return {
    run: (plan, hooks, signal) => (plan.kind === 'closed' ? closed : open).run(plan, hooks, signal),
    async close() {
      await Promise.all([closed.close(), open.close()])
    },
  }
}
