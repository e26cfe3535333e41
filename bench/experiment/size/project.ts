import { EXIT, StillinError } from '#contract/errors.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { MetricName, Point, RunResult } from '#contract/result.ts'
import type { Assumed, Demanded, Projection, Sizing } from '#contract/sizing.ts'

/** What no tier shall exceed on average: the rest is for bursts. */
const UTILISATION = 0.7

/**
 * Projects what each mode of a run needs for a load: `X_max = min(N·u/c_loop, cores·u/Σc, u/c_store, P·u/c_proxy)`,
 * solved for N with `survive` machines gone, and waiting for an event loop from M/G/1 with exponential service times.
 * Node and store costs are those of the saturated point, since a projected node is busy; the proxy's are those of the
 * equal rate, where alone it was measured, and so too high rather than too low.
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
  return { resultId: result.id, demanded, assumed, utilisation: UTILISATION, projections, leftOut }
}

/** CPU time a lookup, s; bytes a lookup. */
interface Costs {
  loopS: number
  nodeS: number
  storeS: number | null
  proxyS: number | null
  bytes: number
}

function demandUsable({ id, valid, arms, configuration }: RunResult): void {
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
function costsOf(result: RunResult, mode: ModeName): Costs | string {
  if (MODES[mode].expected.lookup.live === 'by-chance')
    return 'refuses lookups of people who are logged in wherever there is more than one node'
  const metrics = result.arms.find(({ arm }) => arm === mode)?.metrics ?? []
  const read = (name: MetricName, point: Point) => {
    const found = metrics.find((metric) => metric.name === name && metric.point === point)
    return found?.valid ? found.value : null
  }
  const loopUs = read('nodeLoopCpuUs', 'saturated')
  const nodeUs = read('nodeCpuUs', 'saturated')
  const up = read('bytesUp', 'equal-rate')
  const down = read('bytesDown', 'equal-rate')
  if (loopUs === null || nodeUs === null) return 'the run has no CPU time of its node at saturation'
  if (up === null || down === null) return 'the run has no bytes of a lookup at the equal rate'
  const storeUs = asksStore(mode) ? read('storeCpuUs', 'saturated') : 0
  if (storeUs === null) return 'the run has no CPU time of the store at saturation'
  const proxyUs = read('proxyCpuUs', 'equal-rate')
  return {
    loopS: loopUs / 1e6,
    nodeS: nodeUs / 1e6,
    storeS: asksStore(mode) ? storeUs / 1e6 : null,
    proxyS: proxyUs === null ? null : proxyUs / 1e6,
    bytes: up + down,
  }
}

function asksStore(mode: ModeName): boolean {
  return MODES[mode].needs.includes('redis')
}

function project(
  mode: ModeName,
  costs: Costs,
  { lookupsPerS, loginsPerS, sessions, cores, survive }: Demanded,
  { loginCpuMs, sessionBytes }: Assumed,
  { configuration }: RunResult,
): Projection {
  const nodeCores = lookupsPerS * costs.nodeS + (loginsPerS * loginCpuMs) / 1000
  const loops = lookupsPerS * costs.loopS
  // Each machine runs a node a core; its cores carry loops, thread pools and passwords alike.
  const needed = Math.max(1, Math.ceil(Math.max(loops, nodeCores) / (UTILISATION * cores)))
  const machines = needed + survive
  const perLoop = (running: number) => loops / (running * cores)
  const storeCores = costs.storeS === null ? null : lookupsPerS * costs.storeS
  const proxyCores = costs.proxyS === null ? null : lookupsPerS * costs.proxyS
  const bytesEach = sessionBytes + (configuration.payloadBytes ?? 0)
  const { store } = MODES[mode]
  const nodes = machines * cores
  return {
    mode,
    machines,
    nodes,
    loopShare: perLoop(machines),
    loopShareDegraded: perLoop(needed),
    waitMs: waitMs(perLoop(machines), costs.loopS),
    waitDegradedMs: waitMs(perLoop(needed), costs.loopS),
    nodeCores,
    storeCores,
    stores: storeCores === null ? 0 : Math.max(1, Math.ceil(storeCores / UTILISATION)),
    proxyCores,
    proxies: proxyCores === null ? 0 : Math.max(1, Math.ceil(proxyCores / UTILISATION)),
    storeBytes: store === 'redis' ? sessions * bytesEach : 0,
    nodeBytes: bytesInNode(store, sessions * bytesEach, needed * cores),
    networkBitsPerS: 8 * lookupsPerS * costs.bytes,
  }
}

/** With machines gone, the rest holds what they held. */
function bytesInNode(store: (typeof MODES)[ModeName]['store'], bytes: number, nodes: number): number {
  if (store === 'every-node') return bytes
  return store === 'node-memory' ? bytes / nodes : 0
}

/** Pollaczek–Khinchine with a squared coefficient of variation of 1. */
function waitMs(share: number, serviceS: number): number {
  return (1000 * serviceS * share) / (1 - share)
}
