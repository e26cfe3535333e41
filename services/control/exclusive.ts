/** Runs tasks one after the other. */
export interface Exclusive {
  /** The task's result, or `busy` where too many are waiting already. */
  run<Result>(task: () => Promise<Result>): Promise<Result | 'busy'>
}

/** @param maxWaiting how many tasks may wait for the one that runs. */
export function createExclusive(maxWaiting: number): Exclusive {
  let last: Promise<unknown> = Promise.resolve()
  let pendingCount = 0
  return {
    async run(task) {
      if (pendingCount > maxWaiting) return 'busy'
      pendingCount += 1
      const mine = last.then(task)
      last = mine.catch(() => {})
      try {
        return await mine
      } finally {
        pendingCount -= 1
      }
    },
  }
}
