/** How closely many watchers may ask, all of them together: their questions are load, and must not become the fault. */
export interface SharedPace {
  /** One more asks closely, or one less. */
  enter(): void
  leave(): void
  /** Between an answer and the next question of each that asks closely, ms. */
  pauseMs(): number
  /** Keeps the time between two questions to one node, ms. */
  note(gapMs: number): void
  readonly gapsMs: readonly number[]
}

const PAUSE_MIN_MS = 4
/** Of all that ask closely. */
const QUESTIONS_PER_MS = 1.5

export function createSharedPace(): SharedPace {
  const gapsMs: number[] = []
  let watchers = 0
  return {
    enter: () => {
      watchers += 1
    },
    leave: () => {
      watchers -= 1
    },
    pauseMs: () => Math.max(PAUSE_MIN_MS, watchers / QUESTIONS_PER_MS),
    note: (gapMs) => void gapsMs.push(gapMs),
    gapsMs,
  }
}
