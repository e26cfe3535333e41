import type { BurdenRequest } from '#contract/node-admin.ts'
import type { MetricName, Point, SelfCheck } from '#contract/result.ts'
import { isLatency } from '../costs/without-void-latency.ts'

/** A slowdown to plant, and the figure that must show it. */
export interface Plant {
  name: string
  point: 'saturated' | 'equal-rate'
  metric: 'nodeCpuUs' | 'responseP50Ms'
  /** As a share of what a request costs without; 0: a delay, or nothing. */
  cpuShare: number
  delayMs: number
}

/** What a round visits, and how often it is repeated. */
export interface Programme {
  plants: readonly Plant[]
  /** Visits without any slowdown at each point: two are the baseline and the floor, the others are tested against them. */
  plainVisits: number
}

const TEN_PERCENT: Plant = {
  name: '+10 % CPU',
  point: 'saturated',
  metric: 'nodeCpuUs',
  cpuShare: 0.1,
  delayMs: 0,
}

export const PLANTS: readonly Plant[] = [
  { name: '+5 % CPU', point: 'saturated', metric: 'nodeCpuUs', cpuShare: 0.05, delayMs: 0 },
  TEN_PERCENT,
  { name: '+50 % CPU', point: 'saturated', metric: 'nodeCpuUs', cpuShare: 0.5, delayMs: 0 },
  { name: '+1 ms', point: 'equal-rate', metric: 'responseP50Ms', cpuShare: 0, delayMs: 1 },
]

/** Every plant, in as many rounds as a few minutes have. */
export const QUICK: Programme = { plants: PLANTS, plainVisits: 3 }
/** The one question that the harness must answer: is a tenth more CPU found, and is nothing called something? */
export const FULL: Programme = { plants: [TEN_PERCENT], plainVisits: 4 }

/** The figures that have plants: each is also asked for false alarms. */
export const CALIBRATED: readonly (readonly [MetricName, Point])[] = [
  ['nodeCpuUs', 'saturated'],
  ['responseP50Ms', 'equal-rate'],
]

/**
 * What can be judged when the windows' own checks have spoken: a latency that one of them voided is no figure, of a plant
 * or of nothing.
 * @returns also a sentence for what cannot be; none where all can.
 */
export function judgeable(
  plants: readonly Plant[],
  checks: readonly SelfCheck[],
): { plants: readonly Plant[]; sentences: readonly string[] } {
  const voiding = checks.find(({ ok, voids }) => !ok && voids === 'latency')
  const lost = voiding ? plants.filter(({ metric }) => isLatency(metric)) : []
  if (!voiding || lost.length === 0) return { plants, sentences: [] }
  const names = lost.map(({ name }) => name).join(', ')
  return {
    plants: plants.filter((plant) => !lost.includes(plant)),
    sentences: [
      `Nothing is said of ${names}, nor of two equal arms in latency: a self-check voided it (${voiding.name}: ${voiding.detail}).`,
    ],
  }
}

export function burdenOf({ cpuShare, delayMs }: Plant, requestCpuUs: number): BurdenRequest {
  return { cpuUs: Math.round(cpuShare * requestCpuUs * 1000) / 1000, delayMs }
}
