import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createHistogram } from '../../measure/histogram.ts'
import type { TickBoard } from './tick-board.ts'
import { LATE_SLOTS, STATE } from './tick-board.ts'

/** The tick thread, seen from the thread that sends. One run at a time; it lives on between runs. */
export interface TickThread {
  /**
   * Keeps time for one run, whose schedule is on the board.
   * @param onTick runs on this thread whenever something is due.
   * @param onError the thread died; nothing keeps time any more.
   */
  keep(board: TickBoard, onTick: () => void, onError: (error: unknown) => void): TimeKeeping
  close(): Promise<void>
}

export interface TimeKeeping extends Disposable {
  /** How the thread kept time so far. */
  health(): { count: number; lateMs: { p50: number | null; p99: number | null } }
}

/** Starts it and waits until it runs. It does not keep the process alive. */
export async function startTickThread(): Promise<TickThread> {
  const worker = new Worker(new URL('./tick-worker.ts', import.meta.url))
  await once(worker, 'online')
  worker.unref()
  let dead: unknown
  worker.on('error', (error) => {
    dead = error
  })
  return {
    keep(board, onTick, onError) {
      if (dead) onError(dead)
      const tick = (): void => {
        // Taken before looking at what is due: whatever falls due from here on is worth a wake-up of its own.
        Atomics.store(board.state, STATE.awaited, 0)
        onTick()
      }
      worker.on('message', tick)
      worker.on('error', onError)
      worker.postMessage(board)
      return {
        health() {
          const count = Atomics.load(board.state, STATE.ticks)
          const late = createHistogram()
          for (const lateUs of board.lateUs.subarray(0, Math.min(count, LATE_SLOTS))) late.record(lateUs)
          return { count, lateMs: { p50: late.percentileMs(50), p99: late.percentileMs(99) } }
        },
        [Symbol.dispose]() {
          worker.off('message', tick)
          worker.off('error', onError)
          Atomics.store(board.state, STATE.over, 1)
          Atomics.notify(board.state, STATE.over)
        },
      }
    },
    async close() {
      await worker.terminate()
    },
  }
}
