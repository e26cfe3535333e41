import type { BurdenRequest } from '#contract/node-admin.ts'
import type { MetricName, Point } from '#contract/result.ts'

/** A slowdown to plant, and the figure that must show it. */
export interface Plant {
  name: string
  point: 'saturated' | 'equal-rate'
  metric: 'nodeCpuUs' | 'responseP50Ms'
  /** As a share of what a request costs without; 0: a delay, or nothing. */
  cpuShare: number
  delayMs: number
}

/** Visits of a node without any slowdown in each round: two are the baseline and the floor, one is tested against them. */
export const PLAIN_VISITS = 3

export const PLANTS: readonly Plant[] = [
  { name: '+5 % CPU', point: 'saturated', metric: 'nodeCpuUs', cpuShare: 0.05, delayMs: 0 },
  { name: '+10 % CPU', point: 'saturated', metric: 'nodeCpuUs', cpuShare: 0.1, delayMs: 0 },
  { name: '+50 % CPU', point: 'saturated', metric: 'nodeCpuUs', cpuShare: 0.5, delayMs: 0 },
  { name: '+1 ms', point: 'equal-rate', metric: 'responseP50Ms', cpuShare: 0, delayMs: 1 },
]

/** The figures that have plants: each is also asked for false alarms. */
export const CALIBRATED: readonly (readonly [MetricName, Point])[] = [
  ['nodeCpuUs', 'saturated'],
  ['responseP50Ms', 'equal-rate'],
]

export function burdenOf({ cpuShare, delayMs }: Plant, requestCpuUs: number): BurdenRequest {
  return { cpuUs: Math.round(cpuShare * requestCpuUs * 1000) / 1000, delayMs }
}
