import type { LoadPlan } from '#bench/load/plan.ts'
import { type LedgerSnapshot, ledgerBetween, takeSnapshot } from '#bench/measure/cpu-ledger.ts'
import type { Lab } from '../lab/lab.ts'
import { type Arm, enterArm } from './arms.ts'
import type { BenchSettings } from './bench-settings.ts'
import { entrancePlan, homesPlan, saturatedPlan } from './load-plans.ts'

const WINDOW_MS = 250
/** Code is warm when this many windows in a row agree in CPU per request. */
const AGREEING = 3
const AGREEMENT = 0.05

/**
 * Warms one arm: all nodes at once, then the way through the entrance, then the one node that will be saturated; each
 * until CPU per request has settled, or its share of the time is up.
 */
export async function warmUp(
  lab: Lab,
  arm: Arm,
  settings: BenchSettings,
  signal: AbortSignal,
): Promise<void> {
  const quick = warmingSettings(settings)
  await enterArm(lab, arm)
  await untilSettled(lab, homesPlan(arm, quick, WINDOW_MS), settings.warmUpMaxMs / 2, signal)
  await untilSettled(lab, entrancePlan(arm, quick, WINDOW_MS), settings.warmUpMaxMs / 4, signal)
  await untilSettled(lab, saturatedPlan(arm, quick, WINDOW_MS), settings.warmUpMaxMs / 4, signal)
}

/** Answers a second that a warm arm gives at the entrance, refusals counted: what the path can carry. */
export async function probeRate(
  lab: Lab,
  arm: Arm,
  settings: BenchSettings,
  signal: AbortSignal,
): Promise<number> {
  await enterArm(lab, arm)
  const { answersPerS } = await measureOnce(
    lab,
    entrancePlan(arm, warmingSettings(settings), WINDOW_MS),
    signal,
  )
  return answersPerS
}

function warmingSettings(settings: BenchSettings): BenchSettings {
  return { ...settings, leadMs: 0, tailMs: 10 }
}

async function untilSettled(lab: Lab, plan: LoadPlan, maxMs: number, signal: AbortSignal): Promise<void> {
  const costs: number[] = []
  const deadlineMs = performance.now() + maxMs
  for (;;) {
    const { costUs } = await measureOnce(lab, plan, signal)
    costs.push(costUs)
    if (hasSettled(costs) || performance.now() + WINDOW_MS > deadlineMs) return
  }
}

async function measureOnce(lab: Lab, plan: LoadPlan, signal: AbortSignal) {
  const edges: Promise<LedgerSnapshot>[] = []
  const load = await lab.generator.run(
    plan,
    { onEdge: () => void edges.push(takeSnapshot(lab.ledger)) },
    signal,
  )
  const [start, end] = await Promise.all(edges)
  if (!start || !end) throw new Error('the load generator told no edges')
  const ledger = ledgerBetween(start, end, load.edgesUs)
  const answers = Object.values(load.byNode).reduce((sum, count) => sum + count, 0)
  const seconds = (load.edgesUs[1] - load.edgesUs[0]) / 1_000_000
  return { costUs: ledger.node.cpuUs / Math.max(1, ledger.lookups), answersPerS: answers / seconds }
}

/** The last three agree within 5 % of their mean. */
export function hasSettled(costs: readonly number[]): boolean {
  const last = costs.slice(-AGREEING)
  if (last.length < AGREEING) return false
  const mean = last.reduce((sum, cost) => sum + cost, 0) / AGREEING
  return last.every((cost) => Math.abs(cost - mean) <= AGREEMENT * mean)
}
