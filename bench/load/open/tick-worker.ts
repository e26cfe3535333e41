import { parentPort, workerData } from 'node:worker_threads'
import { monotonicUs } from '#contract/clock.ts'
import type { TickBoard } from './tick-board.ts'
import { LATE_SLOTS, PHASE, STATE } from './tick-board.ts'

/** Bounds every sleep, so that an end is noticed and a lost wake-up repeated. */
const LONGEST_SLEEP_MS = 20

/**
 * The thread that keeps time: sleeps in `Atomics.wait` until the next request is due and wakes the sending thread by
 * a message, one at a time. A timer of the sending thread's own would be 0.65 ms late in the median.
 */
function keepTime({ state, dueUs, lateUs }: TickBoard): void {
  while (Atomics.load(state, STATE.phase) === PHASE.waiting)
    Atomics.wait(state, STATE.phase, PHASE.waiting, LONGEST_SLEEP_MS)
  while (Atomics.load(state, STATE.phase) === PHASE.running) {
    const wantedUs = dueUs[Atomics.load(state, STATE.next)]
    if (wantedUs === undefined) return
    const aheadUs = wantedUs - monotonicUs()
    if (aheadUs > 0) {
      Atomics.wait(state, STATE.phase, PHASE.running, Math.min(aheadUs / 1000, LONGEST_SLEEP_MS))
      continue
    }
    lateUs[Atomics.add(state, STATE.ticks, 1) % LATE_SLOTS] = -aheadUs
    Atomics.store(state, STATE.awaited, 1)
    parentPort?.postMessage(null)
    // Asleep until the sending thread has taken the wake-up, so that they never pile up.
    Atomics.wait(state, STATE.awaited, 1, LONGEST_SLEEP_MS)
    if (monotonicUs() > (dueUs.at(-1) ?? 0)) return
  }
}

keepTime(workerData as TickBoard)
