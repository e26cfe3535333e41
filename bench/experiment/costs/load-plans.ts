import type { LoadPlan } from '#bench/load/plan.ts'
import type { Arm } from './arms.ts'
import type { BenchSettings } from './bench-settings.ts'

export const REQUEST_TIMEOUT_MS = 5_000

/** Closed loop at one node: throughput, and CPU per request when the node has no rest. */
export function saturatedPlan(arm: Arm, settings: BenchSettings, windowMs = settings.windowMs): LoadPlan {
  return { ...basePlan(arm, settings), ...arm.saturated, kind: 'closed', windowMs }
}

/** Closed loop at the entrance: only to warm up and to find a rate that every arm can carry. */
export function entrancePlan(arm: Arm, settings: BenchSettings, windowMs: number): LoadPlan {
  return { ...basePlan(arm, settings), ...arm.entrance, kind: 'closed', windowMs }
}

/** Closed loop at all nodes, each asked by its own users: only to warm up. */
export function homesPlan(arm: Arm, settings: BenchSettings, windowMs: number): LoadPlan {
  return { ...basePlan(arm, settings), ...arm.homes, kind: 'closed', windowMs }
}

/** Open loop at the entrance, at the rate that all arms share. The arrivals differ from round to round, not from arm to arm. */
export function equalRatePlan(
  arm: Arm,
  settings: BenchSettings & { ratePerS: number },
  round: number,
): LoadPlan {
  const seed = settings.seed * 1_000 + round
  const plan = { ...basePlan(arm, settings), ...arm.entrance, ratePerS: settings.ratePerS, seed }
  const { mixed, takeUp } = arm
  return { ...plan, kind: 'open', ...(mixed && { mixed }), ...(takeUp && { takeUp }) }
}

function basePlan(arm: Arm, settings: BenchSettings): Omit<LoadPlan, 'kind' | 'urls' | 'clients'> {
  return {
    request: arm.request,
    userMember: arm.userMember,
    mode: arm.mode,
    connections: settings.connections,
    leadMs: settings.leadMs,
    windowMs: settings.windowMs,
    tailMs: settings.tailMs,
    ratePerS: 0,
    arrivals: 'poisson',
    seed: settings.seed,
    timeoutMs: REQUEST_TIMEOUT_MS,
    keepSamples: false,
    followCookies: false,
  }
}
