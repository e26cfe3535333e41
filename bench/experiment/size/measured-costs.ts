import { formatPercent } from '#bench/report/numbers.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { type ArmName, MODES, type ModeName } from '#contract/modes.ts'
import type { MetricName, Point, RunResult } from '#contract/result.ts'
import { SATURATED_FROM } from '#contract/saturation.ts'
import { busyShareOf, isAsNamed } from '../costs/saturation.ts'
import { costCurve, STEEPEST } from './cost-curve.ts'

/** What a lookup cost at one of a run's points. CPU time, s. */
export interface CostPoint {
  /** Accepted lookups a second of each node. */
  perNodePerS: number
  loopS: number
  nodeS: number
  /** 0: the mode asks none. */
  storeS: number
}

/** Everything that a projection takes from a run, for one mode. */
export interface MeasuredCosts {
  saturated: CostPoint
  /** undefined: the run has no valid costs there. */
  equalRate: CostPoint | undefined
  asksStore: boolean
  /** Of the equal rate, where alone it is measured; null: the run went around the proxy. CPU time of a lookup, s. */
  proxyS: number | null
  /** The rate at which that was. */
  proxyPerS: number
  /** By how much the bare route's cost falls at a node as the rate rises; 0 where the run cannot say. */
  bareSteepness: number
  /** Of the open loop at the equal rate; null: not measured. CPU time of a lookup, s. */
  generatorS: number | null
  /** Up and down, of a lookup. */
  bytes: number
}

/** @throws StillinError for a run that is not valid, or that measured something else than lookups over Redis. */
export function demandUsable({ id, valid, arms, configuration }: RunResult): void {
  const { store = 'redis' } = configuration
  if (store !== 'redis')
    throw new StillinError(`${id} ran over ${store} in Redis's place: what is projected here is Redis`, {
      exitCode: EXIT.invalid,
    })
  if (!valid)
    throw new StillinError(`${id} is not valid: nothing is projected from it`, { exitCode: EXIT.invalid })
  if (arms.length === 0)
    throw new StillinError(`${id} holds no costs: it has no arms`, {
      exitCode: EXIT.usage,
      hint: 'Name the result of a `stillin bench` or `stillin verdict`.',
    })
  if (configuration.mix)
    throw new StillinError(`${id} measured a mix at the equal rate, and a lookup's bytes are not in it`, {
      exitCode: EXIT.usage,
      hint: 'Name a result without --mix.',
    })
}

/** The costs, or what is missing. */
export function costsOf(result: RunResult, mode: ModeName): MeasuredCosts | string {
  if (MODES[mode].expected.lookup.live === 'by-chance')
    return 'refuses lookups of people who are logged in wherever there is more than one node'
  const busy = busyShareOf(result.windows, mode)
  if (busy !== null && busy < SATURATED_FROM)
    return `its node was busy for ${formatPercent(busy)} % of the time where it should have been saturated, so that its costs there are no upper end`
  const read = readerOf(result, mode)
  const asksStore = MODES[mode].needs.includes('redis')
  const pointOf = (point: Point, ratePerS: number | null, nodes: number): CostPoint | string => {
    const loopUs = read('nodeLoopCpuUs', point)
    const nodeUs = read('nodeCpuUs', point)
    const storeUs = asksStore ? read('storeCpuUs', point) : 0
    if (loopUs === null || nodeUs === null) return 'the run has no CPU time of its node at saturation'
    if (storeUs === null) return 'the run has no CPU time of the store at saturation'
    const perNodePerS = (ratePerS ?? 0) / nodes
    return { perNodePerS, loopS: loopUs / 1e6, nodeS: nodeUs / 1e6, storeS: storeUs / 1e6 }
  }
  const up = read('bytesUp', 'equal-rate')
  const down = read('bytesDown', 'equal-rate')
  const saturated = pointOf('saturated', read('throughputPerS', 'saturated'), 1)
  if (typeof saturated === 'string') return saturated
  if (up === null || down === null) return 'the run has no bytes of a lookup at the equal rate'
  const goodputPerS = read('goodputPerS', 'equal-rate')
  const equalRate = pointOf('equal-rate', goodputPerS, result.configuration.nodes)
  const proxyUs = read('proxyCpuUs', 'equal-rate')
  const generatorUs = read('generatorCpuUs', 'equal-rate')
  return {
    saturated,
    equalRate: typeof equalRate === 'string' || equalRate.perNodePerS === 0 ? undefined : equalRate,
    asksStore,
    proxyS: proxyUs === null ? null : proxyUs / 1e6,
    proxyPerS: goodputPerS ?? 0,
    bareSteepness: goodputPerS === null ? 0 : bareSteepness(result),
    generatorS: generatorUs === null ? null : generatorUs / 1e6,
    bytes: up + down,
  }
}

/** A metric of an arm, where it is valid. */
function readerOf({ arms }: RunResult, arm: ArmName): (name: MetricName, point: Point) => number | null {
  const metrics = arms.find((each) => each.arm === arm)?.metrics ?? []
  return (name, point) => {
    const found = metrics.find((metric) => metric.name === name && metric.point === point)
    return found?.valid ? found.value : null
  }
}

function bareSteepness(result: RunResult): number {
  if (!isAsNamed(result.windows, 'baseline', 'saturated')) return 0
  const read = readerOf(result, 'baseline')
  const [lowPerS, lowUs] = [read('goodputPerS', 'equal-rate'), read('nodeCpuUs', 'equal-rate')]
  const [highPerS, highUs] = [read('throughputPerS', 'saturated'), read('nodeCpuUs', 'saturated')]
  if (lowPerS === null || lowUs === null || highPerS === null || highUs === null) return 0
  const low = { perS: lowPerS / result.configuration.nodes, costS: lowUs / 1e6 }
  const { steepness = 0 } = costCurve(low, { perS: highPerS, costS: highUs / 1e6 }) ?? {}
  return Math.min(Math.max(steepness, 0), STEEPEST)
}
