import type { Outcome } from '#contract/outcomes.ts'
import { quantile, responseTimesMs, type TimedOutcome } from './timeline.ts'

/** How a service came through a fault. Shares are of requests by intended time; times run from the fault. */
export interface Recovery {
  /** ok ÷ intended over the whole run, and before the fault. */
  availability: number
  availabilityBefore: number
  /** Σ over 100 ms bins after the fault of max(0, what would have been ok at the level before − ok) ÷ rate. */
  lostRequestSeconds: number
  /**
   * Start of the first full second after the fault in which the ok share is at least 99 % of the share before it (less
   * two standard errors where that share is below 1, as with memory and round robin, where it is a matter of chance) and
   * p99 ≤ max(2·p99₀, p99₀ + 5 ms); null: never within the run.
   */
  recoverMs: number | null
  /** Requests that got no right answer: everything but `ok` and refusals that the mode's table expects. */
  failedRequests: number
}

export interface RecoveryWindow {
  startUs: number
  faultUs: number
  endUs: number
  ratePerS: number
}

const STEP_US = 100_000
const SECOND_US = 1_000_000
const OK_SHARE_OF_BEFORE = 0.99

export function measureRecovery(requests: readonly TimedOutcome[], window: RecoveryWindow): Recovery {
  const inRun = within(requests, window.startUs, window.endUs)
  const before = within(inRun, window.startUs, window.faultUs)
  const availabilityBefore = okShare(before)
  return {
    availability: okShare(inRun),
    availabilityBefore,
    lostRequestSeconds: lostRequestSeconds(inRun, window, availabilityBefore),
    recoverMs: recoverMs(inRun, before, window),
    failedRequests: inRun.filter((request) => isFailure(request.outcome)).length,
  }
}

/** A request that got neither what it wanted nor the refusal that was due to it. */
export function isFailure(outcome: Outcome): boolean {
  return outcome !== 'ok' && outcome !== 'refused_as_expected'
}

function within(requests: readonly TimedOutcome[], fromUs: number, toUs: number): readonly TimedOutcome[] {
  return requests.filter((request) => request.dueUs >= fromUs && request.dueUs < toUs)
}

function okShare(requests: readonly TimedOutcome[]): number {
  if (requests.length === 0) return Number.NaN
  return requests.filter((request) => request.outcome === 'ok').length / requests.length
}

function lostRequestSeconds(
  requests: readonly TimedOutcome[],
  window: RecoveryWindow,
  shareBefore: number,
): number {
  let lost = 0
  for (let fromUs = window.faultUs; fromUs < window.endUs; fromUs += STEP_US) {
    const bin = within(requests, fromUs, Math.min(fromUs + STEP_US, window.endUs))
    const ok = bin.filter((request) => request.outcome === 'ok').length
    lost += Math.max(0, bin.length * shareBefore - ok)
  }
  return lost / window.ratePerS
}

function recoverMs(
  requests: readonly TimedOutcome[],
  before: readonly TimedOutcome[],
  window: RecoveryWindow,
): number | null {
  const p99Before = quantile(responseTimesMs(before), 0.99)
  if (p99Before === null) return null
  const allowedP99 = Math.max(2 * p99Before, p99Before + 5)
  for (let fromUs = window.faultUs; fromUs + SECOND_US <= window.endUs; fromUs += STEP_US) {
    const second = within(requests, fromUs, fromUs + SECOND_US)
    const p99 = quantile(responseTimesMs(second), 0.99)
    const enough = okShare(second) >= neededShare(okShare(before), second.length)
    if (p99 !== null && enough && p99 <= allowedP99) return (fromUs - window.faultUs) / 1000
  }
  return null
}

function neededShare(shareBefore: number, requestCount: number): number {
  const standardError = Math.sqrt((shareBefore * (1 - shareBefore)) / Math.max(1, requestCount))
  return shareBefore * OK_SHARE_OF_BEFORE - 2 * standardError
}
