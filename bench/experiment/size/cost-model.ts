import type { CostModelName } from '#contract/sizing.ts'
import type { CostPoint, MeasuredCosts } from './measured-costs.ts'

/** What a lookup costs while each node answers so many a second. */
export type CostModel = (perNodePerS: number) => Omit<CostPoint, 'perNodePerS'>

/** The models that a run's costs allow: `both-points` wants two points that lie apart. */
export function costModels(costs: MeasuredCosts): Readonly<Partial<Record<CostModelName, CostModel>>> {
  const { saturated, equalRate } = costs
  const isBetween = equalRate !== undefined && equalRate.perNodePerS < saturated.perNodePerS
  return {
    ...(isBetween && { 'both-points': betweenPoints(equalRate, saturated) }),
    saturated: () => saturated,
  }
}

/** The model that projections are made with. */
export function bestModel(costs: MeasuredCosts): { name: CostModelName; model: CostModel } {
  const { 'both-points': both } = costModels(costs)
  if (both) return { name: 'both-points', model: both }
  return { name: 'saturated', model: () => costs.saturated }
}

/**
 * A node that is asked more often is woken hardly more often: each wake-up serves more requests. So CPU use rises along
 * a line that does not start at 0, and what a request costs falls with the rate (docs/decisions/011).
 */
function betweenPoints(low: CostPoint, high: CostPoint): CostModel {
  return (perNodePerS) => {
    const at = (tier: 'loopS' | 'nodeS' | 'storeS') =>
      costBetween(
        { perS: low.perNodePerS, costS: low[tier] },
        { perS: high.perNodePerS, costS: high[tier] },
        perNodePerS,
      )
    return { loopS: at('loopS'), nodeS: at('nodeS'), storeS: at('storeS') }
  }
}

interface RatedCost {
  perS: number
  costS: number
}

/** Beyond either point a request costs what it does there. */
export function costBetween(low: RatedCost, high: RatedCost, perS: number): number {
  if (perS <= low.perS) return low.costS
  if (perS >= high.perS) return high.costS
  const lowUse = low.perS * low.costS
  const highUse = high.perS * high.costS
  const use = lowUse + ((highUse - lowUse) * (perS - low.perS)) / (high.perS - low.perS)
  return use / perS
}
