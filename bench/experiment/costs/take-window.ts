import type { LoadPlan, LoadWindow } from '#bench/load/plan.ts'
import {
  type LedgerSnapshot,
  type LedgerWindow,
  ledgerBetween,
  takeSnapshot,
} from '#bench/measure/cpu-ledger.ts'
import { markNoise, noiseBetween, noiseFlags } from '#bench/measure/noise.ts'
import type { WindowRow } from '#contract/result.ts'
import type { Lab } from '../lab/lab.ts'
import { type Arm, goOnWith } from './arms.ts'
import type { BenchSettings } from './bench-settings.ts'
import { equalRatePlan, saturatedPlan } from './load-plans.ts'

/** Where in a run a window is. */
export type WindowPlace = Pick<WindowRow, 'round' | 'visit' | 'stack'>

/** A window as measured by both sides: the clients' and the servers'. */
export interface TakenWindow {
  row: WindowRow
  load: LoadWindow
  ledger: LedgerWindow
}

/** Loads one arm for one window and reads every part's counters at its two edges. */
export async function takeWindow(
  lab: Lab,
  arm: Arm,
  point: WindowRow['point'],
  place: WindowPlace,
  settings: BenchSettings & { ratePerS: number },
  signal: AbortSignal,
): Promise<TakenWindow> {
  const plan =
    point === 'saturated' ? saturatedPlan(arm, settings) : equalRatePlan(arm, settings, place.round)
  const { load: whole, ledger, flags } = await readWindow(lab, plan, signal)
  const { held, ...load } = whole
  goOnWith(arm, held)
  return { row: toRow(arm, point, place, load, ledger, flags), load, ledger }
}

/** Runs a plan and reads every part's counters at the two edges of its window. */
export async function readWindow(
  lab: Lab,
  plan: LoadPlan,
  signal: AbortSignal,
): Promise<{ load: LoadWindow; ledger: LedgerWindow; flags: readonly string[] }> {
  const edges: Promise<{ ledger: LedgerSnapshot; noise: Awaited<ReturnType<typeof markNoise>> }>[] = []
  const read = async () => ({ ledger: await takeSnapshot(lab.ledger), noise: await markNoise() })
  const load = await lab.generator.run(plan, { onEdge: () => void edges.push(read()) }, signal)
  const [start, end] = await Promise.all(edges)
  if (!start || !end) throw new Error('the load generator told no edges')
  const ledger = ledgerBetween(start.ledger, end.ledger, load.edgesUs)
  const flags = [...noiseFlags(noiseBetween(start.noise, end.noise)), ...ledger.problems]
  return { load, ledger, flags }
}

/**
 * Of the node that was asked: the others answer nobody. A node that somebody else reads at the very same moment has
 * nothing to say, and nothing is written down.
 */
export function busyOf({ nodes }: Pick<LedgerWindow, 'nodes'>): Pick<WindowRow, 'nodeBusy'> {
  const [asked] = nodes.toSorted((a, b) => b.answered - a.answered)
  return asked && Number.isFinite(asked.busyShare) ? { nodeBusy: asked.busyShare } : {}
}

function toRow(
  arm: Arm,
  point: WindowRow['point'],
  place: WindowPlace,
  load: LoadWindow,
  ledger: LedgerWindow,
  flags: readonly string[],
): WindowRow {
  const throughProxy = point === 'equal-rate' && ledger.proxy !== null
  return {
    ...place,
    arm: arm.name,
    point,
    durationMs: (load.endedUs - load.startedUs) / 1000,
    outcomes: load.outcomes,
    cpuUs: {
      node: ledger.node.cpuUs,
      nodeLoop: ledger.node.loopUs,
      proxy: throughProxy ? (ledger.proxy?.cpuUs ?? null) : null,
      store: ledger.store?.cpuUs ?? null,
      generator: load.generatorCpu.userUs + load.generatorCpu.systemUs,
    },
    ...(point === 'saturated' && busyOf(ledger)),
    served: {
      nodeOk: ledger.ok,
      nodeLookups: ledger.answered,
      proxyOk: throughProxy ? (ledger.proxy?.ok ?? null) : null,
    },
    storeCommands: ledger.storeCommands,
    bytesUp: load.bytesUp,
    bytesDown: load.bytesDown,
    setCookies: load.setCookies,
    latencyMs: {
      responseP50: load.responseMs.p50,
      responseP99: load.responseMs.p99,
      serviceP50: load.serviceMs.p50,
      serviceP99: load.serviceMs.p99,
    },
    latenessMs: load.latenessMs,
    byNode: load.byNode,
    flags,
  }
}
