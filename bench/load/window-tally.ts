import type { Outcome, OutcomeCounts } from '#contract/outcomes.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import type { DurationHistogram } from '../measure/histogram.ts'
import { createHistogram } from '../measure/histogram.ts'
import type { LatencySummary, LoadWindow } from './plan.ts'

/** How one request ended, reduced to what a window keeps of it. */
export interface Ending {
  outcome: Outcome
  /** Undefined: nothing was sent. */
  serviceUs: number | undefined
  responseUs: number | undefined
  /** Undefined where nothing was intended (closed loop) or nothing was sent. */
  latenessUs: number | undefined
  bytesUp: number
  bytesDown: number
  setCookies: number
}

type TallyFigures = Pick<
  LoadWindow,
  | 'outcomes'
  | 'completed'
  | 'byNode'
  | 'wrongMode'
  | 'responseUs'
  | 'serviceUs'
  | 'responseMs'
  | 'serviceMs'
  | 'latenessMs'
  | 'tailMs'
  | 'bytesUp'
  | 'bytesDown'
  | 'setCookies'
>

/** The sums of one window. */
export interface WindowTally {
  /** A request of the window ended. */
  count(ending: Ending): void
  /** A request ended between the edges. */
  complete(outcome: Outcome): void
  /** A whole answer came between the edges. */
  answered(node: string, isWrongMode: boolean): void
  figures(): TallyFigures
}

export function createWindowTally(): WindowTally {
  const outcomes = emptyOutcomeCounts()
  const completed: OutcomeCounts = emptyOutcomeCounts()
  const byNode = new Map<string, number>()
  const response = createHistogram()
  const service = createHistogram()
  const lateness = createHistogram()
  let wrongMode = 0
  let bytesUp = 0
  let bytesDown = 0
  let setCookies = 0

  return {
    count(ending) {
      outcomes[ending.outcome]++
      bytesUp += ending.bytesUp
      bytesDown += ending.bytesDown
      setCookies += ending.setCookies
      if (ending.latenessUs !== undefined) lateness.record(ending.latenessUs)
      if (ending.outcome !== 'ok') return
      if (ending.responseUs !== undefined) response.record(ending.responseUs)
      if (ending.serviceUs !== undefined) service.record(ending.serviceUs)
    },
    complete(outcome) {
      completed[outcome]++
    },
    answered(node, isWrongMode) {
      byNode.set(node, (byNode.get(node) ?? 0) + 1)
      if (isWrongMode) wrongMode++
    },
    figures: () => ({
      outcomes,
      completed,
      byNode: Object.fromEntries([...byNode].sort(([a], [b]) => a.localeCompare(b))),
      wrongMode,
      responseUs: response.encode(),
      serviceUs: service.encode(),
      responseMs: summarise(response),
      serviceMs: summarise(service),
      latenessMs: { p50: lateness.percentileMs(50), p99: lateness.percentileMs(99) },
      tailMs: { lateness: lateness.nearestMs(99), response: response.nearestMs(99) },
      bytesUp,
      bytesDown,
      setCookies,
    }),
  }
}

function summarise(histogram: DurationHistogram): LatencySummary {
  return { p50: histogram.percentileMs(50), p99: histogram.percentileMs(99), count: histogram.count }
}
