import type { LoadClient, LoadPlan, LoadWindow } from '#bench/load/plan.ts'
import { markNoise, noiseBetween, noiseFlags } from '#bench/measure/noise.ts'
import { processCpuUs } from '#bench/measure/process-cpu.ts'
import { monotonicUs } from '#contract/clock.ts'
import type { ProxyWindowRow } from '#contract/result.ts'
import { ROUTES } from '#contract/routes.ts'
import type { BenchSettings } from '../costs/bench-settings.ts'
import type { Lab } from '../lab/lab.ts'
import type { ProxyArm } from './proxy-arms.ts'

const REQUEST_TIMEOUT_MS = 5_000
const NOBODY: LoadClient = { userId: '', headers: {}, expectation: 'accept' }

export interface TakenProxyWindow {
  row: ProxyWindowRow
  load: LoadWindow
}

export type ProxyPlace = Pick<ProxyWindowRow, 'round' | 'visit' | 'point'>

/** Loads one proxy for one window and reads its CPU time at both edges. */
export async function takeProxyWindow(
  lab: Lab,
  arm: ProxyArm,
  place: ProxyPlace,
  settings: BenchSettings & { ratePerS: number },
  signal: AbortSignal,
): Promise<TakenProxyWindow> {
  const readings: ReturnType<typeof read>[] = []
  const load = await lab.generator.run(
    planOf(arm, place, settings),
    { onEdge: () => void readings.push(read(arm)) },
    signal,
  )
  const [start, end] = await Promise.all(readings)
  if (!start || !end) throw new Error('the load generator told no edges')
  const isRead = start.cpuUs !== null && end.cpuUs !== null
  const row: ProxyWindowRow = {
    ...place,
    arm: arm.name,
    durationMs: (load.endedUs - load.startedUs) / 1000,
    outcomes: load.outcomes,
    completedOk: load.completed.ok,
    edgesMs: (load.edgesUs[1] - load.edgesUs[0]) / 1000,
    proxyCpu: isRead
      ? { us: (end.cpuUs ?? 0) - (start.cpuUs ?? 0), readingsMs: (end.atUs - start.atUs) / 1000 }
      : null,
    latencyMs: {
      responseP50: load.responseMs.p50,
      responseP99: load.responseMs.p99,
      serviceP50: load.serviceMs.p50,
    },
    byNode: load.byNode,
    flags: noiseFlags(noiseBetween(start.noise, end.noise)),
  }
  return { row, load }
}

async function read(arm: ProxyArm) {
  const cpuUs = arm.pid === undefined ? null : await processCpuUs(arm.pid)
  const atUs = monotonicUs()
  return { cpuUs, atUs, noise: await markNoise() }
}

/** The bare route, asked for by nobody in particular. The arrivals differ from round to round, not from arm to arm. */
function planOf(
  arm: ProxyArm,
  { point, round }: ProxyPlace,
  settings: BenchSettings & { ratePerS: number },
): LoadPlan {
  return {
    kind: point === 'saturated' ? 'closed' : 'open',
    urls: arm.urls,
    request: { method: 'GET', path: ROUTES.baseline, headers: {} },
    clients: [NOBODY],
    userMember: undefined,
    connections: settings.connections,
    leadMs: settings.leadMs,
    windowMs: settings.windowMs,
    tailMs: settings.tailMs,
    ratePerS: settings.ratePerS,
    arrivals: 'poisson',
    seed: settings.seed * 1_000 + round,
    timeoutMs: REQUEST_TIMEOUT_MS,
    keepSamples: false,
    followCookies: false,
  }
}
