import type { Random } from '../../workload/random.ts'

/** When each request of an open loop is due. Pure: the same index always has the same answer. */
export interface Pacer {
  /** How many are due in all. */
  readonly count: number
  /** ms from the start; undefined: finished. Never before the one of the index below. */
  dueAtMs(index: number): number | undefined
}

export interface PacerOptions {
  arrivals: 'poisson' | 'constant'
  ratePerS: number
  durationMs: number
}

/** More than this would not fit a run that anybody waits for; it bounds the memory. */
const MOST_ARRIVALS = 20_000_000

/**
 * `constant`: one every 1/rate, the first at 0. `poisson`: independent users, gaps exponentially distributed with
 * mean 1/rate; the count varies by its square root, and the same seed gives the same arrivals.
 * @throws RangeError for a rate or a duration that is not a positive number, or more than 20 million arrivals.
 */
export function createPacer(options: PacerOptions, random: Random): Pacer {
  const { ratePerS, durationMs } = options
  if (!(ratePerS > 0) || !Number.isFinite(ratePerS)) throw new RangeError(`not a rate: ${ratePerS}/s`)
  if (!(durationMs > 0)) throw new RangeError(`not a duration: ${durationMs} ms`)
  if ((ratePerS * durationMs) / 1000 > MOST_ARRIVALS)
    throw new RangeError(`${ratePerS}/s over ${durationMs} ms are more than ${MOST_ARRIVALS} requests`)
  return options.arrivals === 'constant'
    ? constant(ratePerS, durationMs)
    : poisson(ratePerS, durationMs, random)
}

function constant(ratePerS: number, durationMs: number): Pacer {
  // The last is due before the end: ceil of what fits, exact where the division is.
  const count = Math.ceil((durationMs * ratePerS) / 1000)
  return { count, dueAtMs: (index) => (index < count ? (index * 1000) / ratePerS : undefined) }
}

function poisson(ratePerS: number, durationMs: number, random: Random): Pacer {
  const due: number[] = []
  for (let atMs = random.exponential(1000 / ratePerS); atMs < durationMs; ) {
    due.push(atMs)
    atMs += random.exponential(1000 / ratePerS)
  }
  return { count: due.length, dueAtMs: (index) => due[index] }
}
