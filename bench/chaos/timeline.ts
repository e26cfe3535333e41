import type { Outcome } from '#contract/outcomes.ts'
import type { TimelineBin } from '#contract/result.ts'

/** What a timeline needs of a request: when it was due and when it ended, µs on one clock, and what became of it. */
export interface TimedOutcome {
  dueUs: number
  doneUs: number
  outcome: Outcome
}

export const BIN_MS = 100

/**
 * Bins requests by their intended time, so that a stall shows where it began and not where it was noticed.
 * @param startUs time zero of the run; requests due before it or after `durationMs` are left out.
 */
export function binTimeline(
  requests: readonly TimedOutcome[],
  startUs: number,
  durationMs: number,
): TimelineBin[] {
  const members: TimedOutcome[][] = Array.from({ length: Math.ceil(durationMs / BIN_MS) }, () => [])
  for (const request of requests)
    members[Math.floor((request.dueUs - startUs) / 1000 / BIN_MS)]?.push(request)
  return members.map((bin, index) => summarise(bin, index * BIN_MS))
}

function summarise(bin: readonly TimedOutcome[], atMs: number): TimelineBin {
  const outcomes: Partial<Record<Outcome, number>> = {}
  for (const { outcome } of bin) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  const latencies = responseTimesMs(bin)
  return {
    atMs,
    intended: bin.length,
    outcomes,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  }
}

/** Response times from the intended time, ms, ascending; successes only. */
export function responseTimesMs(requests: readonly TimedOutcome[]): number[] {
  return requests
    .filter((request) => request.outcome === 'ok')
    .map((request) => (request.doneUs - request.dueUs) / 1000)
    .sort((a, b) => a - b)
}

/** Nearest-rank quantile of ascending values; null of none. */
export function quantile(ascending: readonly number[], share: number): number | null {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? null
}
