import type { CostModelName } from '#contract/sizing.ts'
import { costCurve, STEEPEST } from './cost-curve.ts'
import type { CostPoint, MeasuredCosts } from './measured-costs.ts'

/** What a lookup costs at a rate. */
export interface CostModel {
  /** On a node that answers so many a second, and in the store for it. */
  node(perNodePerS: number): Omit<CostPoint, 'perNodePerS'>
  /** In a proxy that forwards so many a second; null: there is none. */
  proxyS(perS: number): number | null
}

/** The models that a run's costs allow: `both-points` wants two points that lie apart. */
export function costModels(costs: MeasuredCosts): Readonly<Partial<Record<CostModelName, CostModel>>> {
  const { equalRate, saturated, proxyS } = costs
  const node = equalRate && throughPoints(equalRate, saturated)
  return {
    ...(node && { 'both-points': { node, proxyS: fallingProxy(costs) } }),
    saturated: { node: () => saturated, proxyS: () => proxyS },
  }
}

/** The model that projections are made with. */
export function bestModel(costs: MeasuredCosts): { name: CostModelName; model: CostModel } {
  const { 'both-points': both, saturated } = costModels(costs)
  if (both) return { name: 'both-points', model: both }
  if (!saturated) throw new Error('the saturated point is in every run that is projected from')
  return { name: 'saturated', model: saturated }
}

/**
 * A node that is asked more often is woken less often for each request, so that a request costs less: by the same share
 * with each doubling of the rate (docs/decisions/011 has what else was tried).
 */
function throughPoints(low: CostPoint, high: CostPoint): CostModel['node'] | undefined {
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

/** A proxy's cost is measured at one rate; that it falls as the bare route's does at a node is assumed. */
function fallingProxy({ proxyS, proxyPerS, bareSteepness }: MeasuredCosts): CostModel['proxyS'] {
  if (proxyS === null) return () => null
  return (perS) => (perS <= 0 ? 0 : proxyS * (proxyPerS / perS) ** bareSteepness)
}
