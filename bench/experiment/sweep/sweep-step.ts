import { TOKEN_ALGORITHMS, type TokenAlgorithm } from '#contract/keys.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'
import { SWEEP_FIGURES, type SweepStep, type SweepVariable } from '#contract/sweep.ts'
import type { BenchSettings } from '../costs/bench-settings.ts'
import { compareModes } from '../costs/compare-arms.ts'
import type { CostEvidence } from '../costs/measure-costs.ts'
import type { LabOptions } from '../lab/lab.ts'
import { isComparable } from './comparable.ts'

/** What one step runs with. */
export interface StepSettings {
  lab: LabOptions
  costs: BenchSettings & { users: number }
}

/** The base with one thing changed. */
export function settingsAt(base: StepSettings, over: SweepVariable, value: number | string): StepSettings {
  const { lab, costs } = base
  const number = Number(value)
  const { sessions = 0, payloadBytes = 0 } = costs
  switch (over) {
    case 'connections':
      return { lab, costs: { ...costs, connections: number, users: number * 8 } }
    case 'nodes':
      return { lab: { ...lab, nodes: number }, costs }
    case 'payload':
      return {
        lab: { ...lab, live: { sessions, payloadBytes: number } },
        costs: { ...costs, payloadBytes: number },
      }
    case 'sessions':
      return {
        lab: { ...lab, live: { sessions: number, payloadBytes } },
        costs: { ...costs, sessions: number },
      }
    case 'rate':
      return { lab, costs: { ...costs, ratePerS: number } }
    case 'jwt-alg':
      return { lab: { ...lab, jwtAlgorithm: algorithm(String(value)) }, costs }
    case 'redis-rtt':
      return { lab: { ...lab, redisRttMs: number }, costs }
  }
}

function algorithm(name: string): TokenAlgorithm {
  const found = TOKEN_ALGORITHMS.find((one) => one === name)
  if (!found) throw new RangeError(`${name} is no token algorithm`)
  return found
}

/** What a step leaves behind. */
export function stepOf(
  over: SweepVariable,
  value: number | string,
  evidence: CostEvidence,
  redis: RunResult['environment']['redis'],
): SweepStep {
  const measured = evidence.arms.map(({ arm }) => arm).filter((arm): arm is ModeName => arm !== 'baseline')
  const distance = redis?.roundTripMs ?? null
  const asked = typeof value === 'number' ? value : null
  return {
    value,
    at: over === 'redis-rtt' ? (distance?.p50 ?? asked) : asked,
    ratePerS: evidence.ratePerS,
    redisRoundTripMs: distance,
    arms: evidence.arms.map(({ arm, metrics }) => ({ arm, metrics })),
    comparisons: SWEEP_FIGURES.flatMap(([metric, point]) => {
      const usable = measured.filter((mode) => isComparable(evidence, mode, metric, point))
      return compareModes(evidence.windows, usable, metric, point)
    }),
    noise: evidence.noise,
    windows: evidence.windows,
  }
}
