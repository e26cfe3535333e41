/** Where an experiment says how far it is. The command line shows it; tests ignore it. */
export interface Progress {
  /** @param secondsLeft estimated for the whole run; undefined where nothing can be said. */
  update(text: string, secondsLeft?: number): void
  /** A line that stays. */
  note(text: string): void
}

/** Keeps the estimate: planned seconds of all steps, less those of the steps done. */
export interface Schedule {
  /** @param lateS what this step will take beyond its plan, as far as it is known already. */
  begin(text: string, lateS?: number): void
  done(plannedS: number): void
}

export function createSchedule(progress: Progress, plannedS: number): Schedule {
  let leftS = plannedS
  return {
    begin: (text, lateS = 0) => progress.update(text, Math.max(0, Math.round(leftS + lateS))),
    done: (stepS) => {
      leftS -= stepS
    },
  }
}
