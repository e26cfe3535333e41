import type { History, HistoryLine } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import { accepted, mayHaveHappened, overByUs } from './answers.ts'
import type { Checker, Finding } from './checker.ts'
import { loginsOf } from './logins.ts'

export const honestAcknowledgements: Checker = {
  name: 'honest-acknowledgements',
  promise:
    'A write that was acknowledged can be read, and one that was refused cannot; an unsure one may be either.',
  check,
}

function check(history: History, mode: Mode): Finding {
  const breaks: HistoryLine[][] = []
  let tested = 0
  const boundUs = 1000 * (history.header?.boundMs ?? mode.boundMs ?? 0)
  for (const { uses } of loginsOf(history).values()) {
    const writes = uses.filter(({ op, wrote }) => op === 'write' && wrote !== undefined)
    for (const read of uses.filter((use) => use.op === 'read' && use.read !== undefined && accepted(use))) {
      const possible = writes.filter((write) => mayHaveHappened(write) && write.invokedUs < read.doneUs)
      const never = writes.find((write) => !mayHaveHappened(write) && write.wrote === read.read)
      const inCredential = writes.find(({ issued }) => issued?.credential === read.credential)
      const last = inCredential ?? lastBefore(writes, read, boundUs)
      if (last === undefined && never === undefined) continue
      tested += 1
      const isKnown = possible.some(({ wrote }) => wrote === read.read)
      if (never !== undefined && !isKnown) breaks.push([never, read])
      else if (inCredential !== undefined) {
        if (inCredential.wrote !== read.read) breaks.push([inCredential, read])
      } else if (last !== undefined && !writes.some(({ issued }) => issued !== undefined)) {
        // What was over before the last one began has been overwritten.
        const fresh = possible.filter((write) => overByUs(write) >= last.invokedUs)
        if (!fresh.some(({ wrote }) => wrote === read.read)) breaks.push([last, read])
      }
    }
  }
  return {
    tested,
    breaks,
    what: 'reads of data that was written before',
    nothing: 'Nothing was read after an acknowledged or a refused write.',
  }
}

/** The acknowledged write with the latest beginning among those over, with the mode's bound, before the read began. */
function lastBefore(
  writes: readonly HistoryLine[],
  read: HistoryLine,
  boundUs: number,
): HistoryLine | undefined {
  return writes
    .filter((write) => accepted(write) && write.doneUs + boundUs < read.invokedUs)
    .sort((a, b) => a.invokedUs - b.invokedUs)
    .at(-1)
}
