import { conditionsOf } from '#bench/report/story/conditions.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'
import type { Assumed, Demanded, Projection, Sizing } from '#contract/sizing.ts'
import { bestModel, type CostModel } from './cost-model.ts'
import { costsOf, demandUsable, type MeasuredCosts } from './measured-costs.ts'
import { UTILISATION, waitMs } from './queueing.ts'

/** Of a run's conditions, those that its costs depend on most. */
const TOLD = ['Machine', 'Redis', 'Cluster', 'Sessions', 'Load', 'Tokens']

/**
 * Projects what each mode of a run needs for a load: `X_max = min(N·u/c_loop, cores·u/Σc, u/c_store, P·u/c_proxy)`,
 * solved for N with `survive` machines gone, and waiting for an event loop from M/G/1 with exponential service times.
 * Node and store costs follow from those of the run's two points, by what each node is asked; the proxy's was
 * measured at the equal rate alone, and is assumed to fall with the rate as the bare route's does at a node.
 * @throws StillinError for a run that is not valid or has no such figures, naming what is missing.
 */
export function projectSizes(result: RunResult, demanded: Demanded, assumed: Assumed): Sizing {
  demandUsable(result)
  const leftOut: string[] = []
  const projections = result.configuration.modes.flatMap((mode) => {
    const costs = costsOf(result, mode)
    if (typeof costs !== 'string') return [project(mode, costs, demanded, assumed, result)]
    leftOut.push(`${mode}: ${costs}`)
    return []
  })
  if (projections.length === 0)
    throw new StillinError(`nothing in ${result.id} can be projected: ${leftOut.join('; ')}`, {
      exitCode: EXIT.usage,
    })
  const conditions = conditionsOf(result).filter(({ name }) => TOLD.includes(name))
  return {
    resultId: result.id,
    demanded,
    assumed,
    utilisation: UTILISATION,
    conditions,
    projections,
    leftOut,
  }
}

function project(
  mode: ModeName,
  costs: MeasuredCosts,
  demanded: Demanded,
  { loginCpuMs, sessionBytes }: Assumed,
  { configuration }: RunResult,
): Projection {
  const { lookupsPerS, loginsPerS, sessions, cores, survive } = demanded
  const { name, model } = bestModel(costs)
  const passwordCores = (loginsPerS * loginCpuMs) / 1000
  // Each machine runs a node a core; its cores carry loops, thread pools and passwords alike.
  const on = (machines: number) => sharesOn(model, lookupsPerS, passwordCores, machines * cores)
  const needed = machinesFor((machines) => on(machines).busiest)
  const machines = needed + survive
  const [all, degraded] = [on(machines), on(needed)]
  const storeCores = costs.asksStore ? lookupsPerS * all.storeS : null
  const proxy = proxiesFor(model, lookupsPerS)
  const bytesEach = sessionBytes + (configuration.payloadBytes ?? 0)
  const { store } = MODES[mode]
  return {
    mode,
    model: name,
    machines,
    nodes: machines * cores,
    loopShare: all.loopShare,
    loopShareDegraded: degraded.loopShare,
    waitMs: waitMs(all.loopShare, all.loopS),
    waitDegradedMs: waitMs(degraded.loopShare, degraded.loopS),
    nodeCores: all.nodeCores,
    storeCores,
    stores: storeCores === null ? 0 : Math.max(1, Math.ceil(storeCores / UTILISATION)),
    proxyCores: proxy?.cores ?? null,
    proxies: proxy?.count ?? 0,
    storeBytes: store === 'redis' ? sessions * bytesEach : 0,
    nodeBytes: bytesInNode(store, sessions * bytesEach, needed * cores),
    networkBitsPerS: 8 * lookupsPerS * costs.bytes,
  }
}

/** How busy so many nodes are, each with a core. */
function sharesOn(model: CostModel, lookupsPerS: number, passwordCores: number, nodes: number) {
  const { loopS, nodeS, storeS } = model.node(lookupsPerS / nodes)
  const loopShare = (lookupsPerS * loopS) / nodes
  const nodeCores = lookupsPerS * nodeS + passwordCores
  return { loopS, storeS, loopShare, nodeCores, busiest: Math.max(loopShare, nodeCores / nodes) }
}

/** The fewest proxies of one thread each; undefined: the run went around the proxy. */
function proxiesFor(model: CostModel, lookupsPerS: number): { count: number; cores: number } | undefined {
  if (model.proxyS(lookupsPerS) === null) return undefined
  const cores = (count: number) => lookupsPerS * (model.proxyS(lookupsPerS / count) ?? 0)
  const count = machinesFor((proxies) => cores(proxies) / proxies)
  return { count, cores: cores(count) }
}

/** The fewest on which nothing exceeds what it may. A share never falls faster than machines are added. */
function machinesFor(busiest: (machines: number) => number): number {
  const shareOf = (count: number) => {
    const share = busiest(count)
    if (!Number.isFinite(share)) throw new RangeError(`no finite share of ${count} can be worked out`)
    return share
  }
  let machines = 1
  for (let share = shareOf(machines); share > UTILISATION; share = shareOf(machines))
    machines = Math.max(machines + 1, Math.ceil((machines * share) / UTILISATION))
  return machines
}

/** With machines gone, the rest holds what they held. */
function bytesInNode(store: (typeof MODES)[ModeName]['store'], bytes: number, nodes: number): number {
  if (store === 'every-node') return bytes
  return store === 'node-memory' ? bytes / nodes : 0
}
