import type { CostModelName } from '#contract/sizing.ts'
import type { CostPoint, MeasuredCosts } from './measured-costs.ts'

/** What a lookup costs while each node answers so many a second. */
export type CostModel = (perNodePerS: number) => Omit<CostPoint, 'perNodePerS'>

/** With a cost that falls faster than this, machines that are added would hardly take load off the others. */
const STEEPEST = 0.95

/** The models that a run's costs allow: `both-points` wants two points that lie apart. */
export function costModels(costs: MeasuredCosts): Readonly<Partial<Record<CostModelName, CostModel>>> {
  const { saturated, equalRate } = costs
  const both = equalRate && throughPoints(equalRate, saturated)
  return { ...(both && { 'both-points': both }), saturated: () => saturated }
}

/** The model that projections are made with. */
export function bestModel(costs: MeasuredCosts): { name: CostModelName; model: CostModel } {
  const { 'both-points': both } = costModels(costs)
  if (both) return { name: 'both-points', model: both }
  return { name: 'saturated', model: () => costs.saturated }
}

/**
 * A node that is asked more often is woken less often for each request, so that a request costs less: by the same share
 * with each doubling of the rate (docs/decisions/011 has what else was tried).
 */
function throughPoints(low: CostPoint, high: CostPoint): CostModel | undefined {
  const curve = (tier: 'loopS' | 'nodeS' | 'storeS') =>
    costCurve({ perS: low.perNodePerS, costS: low[tier] }, { perS: high.perNodePerS, costS: high[tier] })
  const [loop, node, store] = [curve('loopS'), curve('nodeS'), curve('storeS')]
  if (!loop || !node || !store) return undefined
  if (loop.steepness > STEEPEST || node.steepness > STEEPEST) return undefined
  return (perNodePerS) => ({
    loopS: loop.at(perNodePerS),
    nodeS: node.at(perNodePerS),
    storeS: store.at(perNodePerS),
  })
}

interface RatedCost {
  perS: number
  costS: number
}

/** The power of the rate that goes through two costs; beyond the higher rate, the cost there. */
export interface CostCurve {
  /** The share by which cost falls where the rate rises by one, for small shares: 0.5 halves it with four times the rate. */
  steepness: number
  at(perS: number): number
}

/** @returns undefined where the two do not lie apart. */
export function costCurve(low: RatedCost, high: RatedCost): CostCurve | undefined {
  if (!(low.perS > 0) || low.perS >= high.perS) return undefined
  // A tier that takes no part costs nothing at any rate.
  if (high.costS === 0 || low.costS === 0) return { steepness: 0, at: () => high.costS }
  const steepness = Math.log(low.costS / high.costS) / Math.log(high.perS / low.perS)
  return {
    steepness,
    at: (perS) => (perS >= high.perS ? high.costS : high.costS * (high.perS / perS) ** steepness),
  }
}
