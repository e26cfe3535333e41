import { createRandom } from '../../workload/random.ts'
import type { LoadPlan } from '../plan.ts'
import { createPacer } from './pacer.ts'
import type { PreparedClient } from './prepared-client.ts'
import { prepareClient } from './prepared-client.ts'

/** Who sends when: worked out before the first request leaves, so that nothing is left to do when one is due. */
export interface Schedule {
  readonly count: number
  readonly durationMs: number
  /** µs from the start; undefined: finished. */
  dueUs(index: number): number | undefined
  /** The client that the seed chose for this arrival. */
  client(index: number): PreparedClient
}

export function createSchedule(plan: LoadPlan): Schedule {
  const random = createRandom(plan.seed)
  const durationMs = plan.leadMs + plan.windowMs + plan.tailMs
  const pacer = createPacer({ ...plan, durationMs }, random.fork('arrivals'))
  const clients = plan.clients.map((client) => prepareClient(client, plan))
  const choice = random.fork('clients')
  const chosen = Uint32Array.from({ length: pacer.count }, () => choice.int(clients.length))
  return {
    count: pacer.count,
    durationMs,
    dueUs(index) {
      const dueMs = pacer.dueAtMs(index)
      return dueMs === undefined ? undefined : dueMs * 1000
    },
    client(index) {
      const client = clients[chosen[index] ?? -1]
      if (!client) throw new RangeError(`there is no arrival ${index}`)
      return client
    },
  }
}
