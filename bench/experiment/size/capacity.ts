import type { ProjectedCapacity } from '#contract/sizing.ts'
import type { CostModel } from './cost-model.ts'
import type { MeasuredCosts } from './measured-costs.ts'
import { UTILISATION } from './queueing.ts'

/** A lab whose every process runs on the same machine. */
export interface OneMachine {
  nodes: number
  /** That the lab may use. */
  cores: number
}

type Bound = ProjectedCapacity['boundBy']

/** How busy each part would be at a rate, of what it can be; `generator` is the one thread that sends. */
export function sharesAt(
  ratePerS: number,
  model: CostModel,
  { generatorS }: MeasuredCosts,
  { nodes, cores }: OneMachine,
): Readonly<Record<Bound, number>> & { labCores: number } {
  const { loopS, nodeS, storeS } = model.node(ratePerS / nodes)
  const proxyS = model.proxyS(ratePerS) ?? 0
  const labCores = ratePerS * (nodeS + storeS + proxyS + (generatorS ?? 0))
  return {
    loops: (ratePerS / nodes) * loopS,
    store: ratePerS * storeS,
    proxy: ratePerS * proxyS,
    generator: ratePerS * (generatorS ?? 0),
    cores: labCores / cores,
    labCores,
  }
}

const BOUNDS: readonly Bound[] = ['loops', 'store', 'proxy', 'generator', 'cores']
const STEPS = 60

/**
 * What a lab on one machine is projected to carry: the highest rate at which no process uses more than u of its core, and
 * all of them no more than u of the machine's. With costs that do not depend on the rate this is
 * `X_max = min(N·u/c_loop, cores·u/Σc, u/c_store, u/c_proxy, u/c_generator)`, Σc over nodes, store, proxy and generator.
 */
export function capacityOf(
  model: CostModel,
  costs: MeasuredCosts,
  machine: OneMachine,
): { ratePerS: number; boundBy: Bound } {
  const busiest = (ratePerS: number) => {
    const shares = sharesAt(ratePerS, model, costs, machine)
    return BOUNDS.reduce((most, bound) => (shares[bound] > shares[most] ? bound : most))
  }
  const isTooMuch = (ratePerS: number) =>
    sharesAt(ratePerS, model, costs, machine)[busiest(ratePerS)] > UTILISATION
  let low = 0
  // A loop that is asked at its cheapest is full beyond this.
  let high = machine.nodes / costs.saturated.loopS
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2
    if (isTooMuch(middle)) high = middle
    else low = middle
  }
  return { ratePerS: low, boundBy: busiest(low) }
}
