import type { Outcome } from '#contract/outcomes.ts'
import { quantile, responseTimesMs, type TimedOutcome } from './timeline.ts'

/** How a service came through a fault. Shares are of requests by intended time; times run from the fault. */
export interface Recovery {
  /** ok ÷ intended over the whole run, and before the fault. */
  availability: number
  availabilityBefore: number
  /**
   * From the fault to the end, (what would have been ok at the level before − ok) ÷ rate; 0 where that is negative. Summed
   * before it is cut off: where acceptance is a matter of chance, cutting off each bin would turn chance into a loss.
   */
  lostRequestSeconds: number
  /**
   * Start of the first full second after the fault in which the ok share is at least 99 % of the share before it (less
   * two standard errors where that share is below 1, as with memory and round robin, where it is a matter of chance) and
   * p99 ≤ max(2·p99₀, p99₀ + 5 ms); null: never within the run. Where requests begin to fail only later (a cache answers for
   * a while), seconds before the first that fails beyond chance are no recovery.
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
/** Standard errors: some fifty seconds that overlap are looked at, and none of them may begin an outage by chance. */
const ONSET_ERRORS = 4

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
  const after = within(requests, window.faultUs, window.endUs)
  const ok = after.filter((request) => request.outcome === 'ok').length
  const lost = Math.max(0, after.length * shareBefore - ok)
  return lost / window.ratePerS
}

function recoverMs(
  requests: readonly TimedOutcome[],
  before: readonly TimedOutcome[],
  window: RecoveryWindow,
): number | null {
  const p99Before = quantile(responseTimesMs(before), 0.99)
  if (p99Before === null) return null
  const isWithin = (fromUs: number): boolean => fromUs + SECOND_US <= window.endUs
  const allowedP99 = Math.max(2 * p99Before, p99Before + 5)
  for (let fromUs = onsetUs(requests, okShare(before), window); isWithin(fromUs); fromUs += STEP_US) {
    const second = within(requests, fromUs, fromUs + SECOND_US)
    const p99 = quantile(responseTimesMs(second), 0.99)
    const enough = okShare(second) >= neededShare(okShare(before), second.length, 2)
    if (p99 !== null && enough && p99 <= allowedP99) return (fromUs - window.faultUs) / 1000
  }
  return null
}

/** The first second after the fault in which more fail than chance explains; the fault itself where there is none. */
function onsetUs(requests: readonly TimedOutcome[], shareBefore: number, window: RecoveryWindow): number {
  for (let fromUs = window.faultUs; fromUs + SECOND_US <= window.endUs; fromUs += STEP_US) {
    const second = within(requests, fromUs, fromUs + SECOND_US)
    if (second.length > 0 && okShare(second) < neededShare(shareBefore, second.length, ONSET_ERRORS))
      return fromUs
  }
  return window.faultUs
}

function neededShare(shareBefore: number, requestCount: number, errors: number): number {
  const standardError = Math.sqrt((shareBefore * (1 - shareBefore)) / Math.max(1, requestCount))
  return shareBefore * OK_SHARE_OF_BEFORE - errors * standardError
}
