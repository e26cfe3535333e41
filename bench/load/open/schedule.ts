import type { Credential } from '#contract/node-admin.ts'
import { createRandom, type Random } from '../../workload/random.ts'
import type { LoadPlan, MixedRequest } from '../plan.ts'
import { holdCredential } from './held-credential.ts'
import { createPacer } from './pacer.ts'
import type { PreparedClient } from './prepared-client.ts'
import { prepareClient } from './prepared-client.ts'

/** Who sends when: worked out before the first request leaves, so that nothing is left to do when one is due. */
export interface Schedule {
  readonly count: number
  readonly durationMs: number
  /** µs from the start; undefined: finished. */
  dueUs(index: number): number | undefined
  /** Whom the seed chose for this arrival, by their place in the plan. */
  user(index: number): number
  /** What is sent for this arrival, by this user. */
  client(index: number, user: number): PreparedClient
  /** Where the plan takes credentials up: what each user holds. */
  held(): readonly Credential[] | undefined
}

/** Which kind each arrival is, by weight; 0 throughout where there is only one. */
function chooseKinds(mixed: readonly MixedRequest[], count: number, random: Random): Uint8Array {
  const kinds = new Uint8Array(count)
  if (mixed.length < 2) return kinds
  const total = mixed.reduce((sum, { weight }) => sum + weight, 0)
  return kinds.map(() => {
    let left = random.next() * total
    const kind = mixed.findIndex(({ weight }) => {
      left -= weight
      return left < 0
    })
    return Math.max(0, kind)
  })
}

export function createSchedule(plan: LoadPlan): Schedule {
  const random = createRandom(plan.seed)
  const durationMs = plan.leadMs + plan.windowMs + plan.tailMs
  const pacer = createPacer({ ...plan, durationMs }, random.fork('arrivals'))
  const kinds = plan.mixed ?? [undefined]
  const { takeUp } = plan
  const held = takeUp && plan.clients.map((client) => holdCredential(takeUp.target, client))
  const clients = kinds.map((kind) =>
    plan.clients.map((client, user) => prepareClient(client, plan, kind, held?.[user])),
  )
  const choice = random.fork('clients')
  const chosen = Uint32Array.from({ length: pacer.count }, () => choice.int(plan.clients.length))
  const chosenKind = chooseKinds(plan.mixed ?? [], pacer.count, random.fork('kinds'))
  return {
    count: pacer.count,
    durationMs,
    dueUs(index) {
      const dueMs = pacer.dueAtMs(index)
      return dueMs === undefined ? undefined : dueMs * 1000
    },
    user: (index) => chosen[index] ?? -1,
    held: () => held?.map(({ credential }) => credential),
    client(index, user) {
      const client = clients[chosenKind[index] ?? -1]?.[user]
      if (!client) throw new RangeError(`there is no arrival ${index}`)
      return client
    },
  }
}
