import { describe, expect, it } from 'vitest'
import { capacityOf } from '#bench/experiment/size/capacity.ts'
import { costCurve } from '#bench/experiment/size/cost-curve.ts'
import { bestModel, costModels } from '#bench/experiment/size/cost-model.ts'
import type { MeasuredCosts } from '#bench/experiment/size/measured-costs.ts'
import { responsePercentileMs } from '#bench/experiment/size/queueing.ts'

const US = 1e-6
/** 300 µs at 500/s of each node, 50 µs when saturated at 20,000/s; 100 µs of proxy, 150 µs of generator. */
const COSTS: MeasuredCosts = {
  saturated: { perNodePerS: 20_000, loopS: 45 * US, nodeS: 50 * US, storeS: 2 * US },
  equalRate: { perNodePerS: 500, loopS: 280 * US, nodeS: 300 * US, storeS: 20 * US },
  asksStore: true,
  proxyS: 100 * US,
  proxyPerS: 1_500,
  bareSteepness: 0.5,
  generatorS: 150 * US,
  bytes: 500,
}

describe('what a lookup costs between two points', () => {
  const low = { perS: 500, costS: 320 * US }
  const high = { perS: 8_000, costS: 80 * US }
  const curve = costCurve(low, high)

  it('falls by the same share with each doubling of the rate', () => {
    expect(curve?.steepness).toBeCloseTo(0.5)
    expect(curve?.at(500)).toBeCloseTo(320 * US, 9)
    expect(curve?.at(2_000)).toBeCloseTo(160 * US, 9)
    expect(curve?.at(125)).toBeCloseTo(640 * US, 9)
  })

  it('is that of the saturated point beyond it', () => {
    expect(curve?.at(8_000)).toBe(high.costS)
    expect(curve?.at(90_000)).toBe(high.costS)
  })

  it('is nothing for a tier that takes no part, and unknown from points that do not lie apart', () => {
    expect(costCurve({ perS: 1, costS: 0 }, { perS: 2, costS: 0 })?.at(1)).toBe(0)
    expect(costCurve(high, low)).toBeUndefined()
  })

  it('is that of the saturated point where the run has no other, or none that lies apart', () => {
    expect(bestModel(COSTS).name).toBe('both-points')
    expect(bestModel({ ...COSTS, equalRate: undefined }).name).toBe('saturated')
    const beyond = { ...COSTS, equalRate: { ...COSTS.saturated, perNodePerS: 30_000 } }
    expect(bestModel(beyond).name).toBe('saturated')
    expect(bestModel(beyond).model.node(700).nodeS).toBe(50 * US)
    // A node that is busy the same whatever it is asked: no number of machines would do.
    const steep = { ...COSTS, equalRate: { ...COSTS.saturated, perNodePerS: 500, nodeS: 2_000 * US } }
    expect(bestModel(steep).name).toBe('saturated')
  })
})

describe('what a proxy costs', () => {
  it('falls as the bare route does at a node, from the one rate at which it was measured', () => {
    const both = costModels(COSTS)['both-points']
    expect(both?.proxyS(1_500)).toBeCloseTo(100 * US, 9)
    expect(both?.proxyS(6_000)).toBeCloseTo(50 * US, 9)
    expect(costModels(COSTS).saturated?.proxyS(6_000)).toBe(100 * US)
    expect(costModels({ ...COSTS, proxyS: null })['both-points']?.proxyS(6_000)).toBeNull()
  })
})

describe('what a lab on one machine can carry', () => {
  const saturated = { node: () => COSTS.saturated, proxyS: () => COSTS.proxyS }

  it('is the least of what its processes and its cores can do', () => {
    // Cores: 2 × 0.7 ÷ (50 + 2 + 100 + 150 µs).
    const onTwo = capacityOf(saturated, COSTS, { nodes: 3, cores: 2 })
    expect(onTwo.boundBy).toBe('cores')
    expect(onTwo.ratePerS).toBeCloseTo(1.4 / (302 * US), 3)
    const onMany = capacityOf(saturated, COSTS, { nodes: 3, cores: 64 })
    expect(onMany.boundBy).toBe('generator')
    expect(onMany.ratePerS).toBeCloseTo(0.7 / (150 * US), 3)
    const around = { ...saturated, proxyS: () => null }
    const free = capacityOf(around, { ...COSTS, generatorS: null }, { nodes: 3, cores: 64 })
    expect(free.boundBy).toBe('loops')
    expect(free.ratePerS).toBeCloseTo(2.1 / (45 * US), 3)
  })

  it('keeps every share at the limit where costs fall with the rate', () => {
    const model = costModels(COSTS)['both-points'] ?? saturated
    const { ratePerS } = capacityOf(model, COSTS, { nodes: 3, cores: 2 })
    const { nodeS, storeS } = model.node(ratePerS / 3)
    expect(ratePerS * (nodeS + storeS + (model.proxyS(ratePerS) ?? 0) + 150 * US)).toBeCloseTo(1.4, 3)
    expect(ratePerS).toBeLessThan(1.4 / (202 * US))
  })
})

describe('a response through stations in a row', () => {
  it('is exponential through one, its queue included', () => {
    const half = [{ serviceS: 0.001, share: 0.5 }]
    expect(responsePercentileMs(half, 50)).toBeCloseTo(2 * Math.LN2, 6)
    expect(responsePercentileMs(half, 99)).toBeCloseTo(2 * Math.log(100), 6)
  })

  it('is near Erlang’s distribution through two that are alike', () => {
    const two = [
      { serviceS: 0.001, share: 0 },
      { serviceS: 0.001, share: 0 },
    ]
    // The median of Erlang-2 is 1.678 means of one.
    expect(responsePercentileMs(two, 50)).toBeGreaterThan(1.67)
    expect(responsePercentileMs(two, 50)).toBeLessThan(1.7)
  })

  it('leaves out what takes no time, and knows none through one that is full', () => {
    const none = { serviceS: 0, share: 0 }
    const one = { serviceS: 0.001, share: 0 }
    expect(responsePercentileMs([none, one], 50)).toBe(responsePercentileMs([one], 50))
    expect(responsePercentileMs([one, { serviceS: 0.001, share: 1 }], 50)).toBeNull()
  })
})
