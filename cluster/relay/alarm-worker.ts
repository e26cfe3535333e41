import { readlinkSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { monotonicUs } from '#contract/clock.ts'
import { type AlarmBoard, SLOT } from './alarm-board.ts'

/** Linux lets a thread's sleeps run 50 µs over to save power; this one asks for 1 µs. Where refused, it stays as it is. */
function sleepExactly(): void {
  try {
    const threadId = readlinkSync('/proc/thread-self').split('/').at(-1)
    writeFileSync(`/proc/${threadId}/timerslack_ns`, '1000')
  } catch {}
}

/** Sleeps until the moment that was asked for, wakes the relay by a message, and waits for the next. */
function keepTime({ state, nextUs }: AlarmBoard): never {
  let done = 0
  for (;;) {
    const asked = Atomics.load(state, SLOT.asked)
    if (asked === done) {
      Atomics.wait(state, SLOT.asked, asked)
      continue
    }
    const aheadUs = Number(Atomics.load(nextUs, 0)) - monotonicUs()
    // An earlier moment may be asked for meanwhile.
    if (aheadUs > 0 && Atomics.wait(state, SLOT.asked, asked, aheadUs / 1000) !== 'timed-out') continue
    done = asked
    parentPort?.postMessage(null)
  }
}

sleepExactly()
keepTime(workerData as AlarmBoard)
