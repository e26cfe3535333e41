import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { monotonicUs } from '#contract/clock.ts'
import { type AlarmBoard, SLOT } from './alarm-board.ts'

/** Calls back at moments of the monotonic clock, µs. Timers are whole milliseconds, which is too coarse for a link. */
export interface Alarm {
  /** At that moment, or as soon after it as can be; moments of one caller in ascending order. */
  at(dueUs: number, callback: () => void): void
  close(): Promise<void>
}

/** A wake-up takes about this long to arrive, so it is asked for that much ahead. */
const WAKE_AHEAD_US = 60

/** Starts the thread that keeps time. It does not keep the process alive. */
export async function openAlarm(): Promise<Alarm> {
  const board: AlarmBoard = {
    state: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    nextUs: new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)),
  }
  const worker = new Worker(new URL('./alarm-worker.ts', import.meta.url), { workerData: board })
  await once(worker, 'online')
  worker.unref()
  const waiting: { dueUs: number; callback: () => void }[] = []

  const ask = (): void => {
    Atomics.store(board.nextUs, 0, BigInt(Math.round((waiting[0]?.dueUs ?? 0) - WAKE_AHEAD_US)))
    Atomics.add(board.state, SLOT.asked, 1)
    Atomics.notify(board.state, SLOT.asked)
  }
  worker.on('message', () => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const aheadUs = first.dueUs - monotonicUs()
      if (aheadUs > WAKE_AHEAD_US) return ask()
      // What is left is less than a wake-up takes.
      if (aheadUs > 0) continue
      waiting.shift()
      first.callback()
    }
  })
  return {
    at(dueUs, callback) {
      let index = waiting.length
      while (index > 0 && (waiting[index - 1]?.dueUs ?? 0) > dueUs) index -= 1
      waiting.splice(index, 0, { dueUs, callback })
      if (index === 0) ask()
    },
    async close() {
      await worker.terminate()
    },
  }
}
