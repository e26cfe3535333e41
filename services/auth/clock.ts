/**
 * A clock may be minutes wrong for a while. What is over by it is refused at once, and forgotten only when it has been
 * over for this long: right again, the clock has logged nobody out for good.
 */
export const CLOCK_SLACK_MS = 15 * 60_000

/** Wall-clock time as this node sees it. Tests move it; nothing else does. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Shifts every later reading by this many milliseconds against the system's clock. */
  setOffset(offsetMs: number): void
}

export function systemClock(offsetAtStartMs = 0): Clock {
  let offsetMs = offsetAtStartMs
  return {
    now: () => Date.now() + offsetMs,
    setOffset(next) {
      offsetMs = next
    },
  }
}
