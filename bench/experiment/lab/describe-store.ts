import { measureStoreRoundTrip } from '#bench/measure/store-round-trip.ts'
import type { RunResult } from '#contract/result.ts'
import { isServer, STORE_TITLES } from '#contract/stores.ts'
import type { CostEvidence } from '../costs/measure-costs.ts'
import type { Lab } from './lab.ts'

/** The store in Redis's place, as far as it is from a node, which may reach it through a relay. */
export async function describeStore(lab: Lab): Promise<RunResult['environment']['store']> {
  if (!lab.store) return null
  const { store, version, origin } = lab.store
  const [node] = lab.cluster.nodes()
  const url = (node && lab.cluster.storeUrlOf(node.id)) ?? store.url
  return {
    name: store.name,
    version: version ?? null,
    origin,
    roundTripMs: await measureStoreRoundTrip({ name: store.name, url }),
  }
}

/** Figures in which the store's CPU has a part are none where it could not be read. */
export function withoutUnreadStore<Evidence extends Partial<CostEvidence>>(
  lab: Lab,
  evidence: Evidence,
): { evidence: Evidence; leftOut: readonly string[] } {
  const { store } = lab
  if (!store || lab.ledger.store || !isServer(store.store.name)) return { evidence, leftOut: [] }
  const { arms = [], comparisons = [], noise = [] } = evidence
  const isRead = ({ metric }: { metric: string }) => metric !== 'serverCpuUs'
  return {
    evidence: {
      ...evidence,
      arms: arms.map((arm) => ({
        ...arm,
        metrics: arm.metrics.filter(({ name }) => name !== 'serverCpuUs'),
      })),
      comparisons: comparisons.filter(isRead),
      noise: noise.filter(isRead),
    },
    leftOut: [
      `CPU of ${STORE_TITLES[store.store.name]}: its processes are not ours to read, or this system does not tell; and with it the CPU of nodes and store together.`,
    ],
  }
}
