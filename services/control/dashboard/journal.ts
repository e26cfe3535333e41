import type { DashboardEvent } from '#contract/dashboard.ts'

const CAPACITY = 200

/** The last events, oldest first. Numbers are shared with the samples, so that a page asks for both with one. */
export interface Journal {
  nextSeq(): number
  lastSeq(): number
  add(source: DashboardEvent['source'], text: string): void
  since(seq: number): readonly DashboardEvent[]
}

export function createJournal(nowMs: () => number = Date.now): Journal {
  const events: DashboardEvent[] = []
  let last = 0
  const nextSeq = (): number => {
    last += 1
    return last
  }
  return {
    nextSeq,
    lastSeq: () => last,
    add(source, text) {
      events.push({ seq: nextSeq(), atMs: nowMs(), source, text })
      if (events.length > CAPACITY) events.shift()
    },
    since: (seq) => events.filter((event) => event.seq > seq),
  }
}
