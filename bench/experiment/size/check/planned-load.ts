import type { ModeName } from '#contract/modes.ts'
import { COST_MODELS, type CostModelName, type ProjectedCapacity } from '#contract/sizing.ts'
import { capacityOf, type OneMachine, sharesAt } from '../capacity.ts'
import { bestModel, costModels } from '../cost-model.ts'
import type { MeasuredCosts } from '../measured-costs.ts'
import { responsePercentileMs } from '../queueing.ts'

/** The shares of the projected capacity that are driven. */
export const CHECKED_SHARES = [0.3, 0.6, 0.8] as const

/** One mode at one share of its capacity. */
export interface PlannedLoad {
  mode: ModeName
  share: number
  ratePerS: number
  costs: MeasuredCosts
}

/** What the lab is projected to carry in a mode, by each model, and the loads to drive: shares of the best model's. */
export function planLoads(
  mode: ModeName,
  costs: MeasuredCosts,
  machine: OneMachine,
): { capacities: ProjectedCapacity[]; loads: PlannedLoad[] } {
  const models = costModels(costs)
  const capacities = COST_MODELS.flatMap((name): ProjectedCapacity[] => {
    const model = models[name]
    return model ? [{ mode, model: name, ...capacityOf(model, costs, machine) }] : []
  })
  const driven = capacities.find(({ model }) => model === bestModel(costs).name)
  if (!driven) throw new Error(`nothing is projected for ${mode}`)
  const loads = CHECKED_SHARES.map((share) => ({
    mode,
    share,
    // A rate that people can name.
    ratePerS: Math.max(10, Number((share * driven.ratePerS).toPrecision(2))),
    costs,
  }))
  return { capacities, loads }
}

/** What a model says of a load. CPU in µs a lookup, times in ms. */
export function projectionOf(
  { costs, ratePerS }: PlannedLoad,
  name: CostModelName,
  machine: OneMachine,
): ProjectedFigures | undefined {
  const model = costModels(costs)[name]
  if (!model) return undefined
  const { loopS, nodeS, storeS } = model.node(ratePerS / machine.nodes)
  const { loops, store, proxy, labCores } = sharesAt(ratePerS, model, costs, machine)
  const proxyS = model.proxyS(ratePerS)
  const stations = [
    { serviceS: proxyS ?? 0, share: proxy },
    { serviceS: loopS, share: loops },
    // Threads of a pool beside the loop; on this path nobody waits for them.
    { serviceS: nodeS - loopS, share: 0 },
    { serviceS: storeS, share: store },
  ]
  return {
    nodeCpuUs: nodeS * 1e6,
    storeCpuUs: costs.asksStore ? storeS * 1e6 : null,
    proxyCpuUs: proxyS === null ? null : proxyS * 1e6,
    loopShare: loops,
    labCores,
    responseP50Ms: responsePercentileMs(stations, 50),
    responseP99Ms: responsePercentileMs(stations, 99),
    bytes: costs.bytes,
  }
}

export interface ProjectedFigures {
  nodeCpuUs: number
  storeCpuUs: number | null
  proxyCpuUs: number | null
  loopShare: number
  labCores: number
  responseP50Ms: number | null
  responseP99Ms: number | null
  bytes: number
}
