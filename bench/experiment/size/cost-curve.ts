/** With a cost that falls faster than this, machines that are added would hardly take load off the others. */
export const STEEPEST = 0.95

/** What a request cost at a rate: CPU time, s. */
interface RatedCost {
  perS: number
  costS: number
}

/** The power of the rate that goes through two costs; beyond the higher rate, the cost there; 0 where nothing is asked. */
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
    at: (perS) => {
      if (perS <= 0) return 0
      return perS >= high.perS ? high.costS : high.costS * (high.perS / perS) ** steepness
    },
  }
}
