import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createHistogram } from '../../measure/histogram.ts'
import type { TickBoard } from './tick-board.ts'
import { LATE_SLOTS, PHASE, STATE } from './tick-board.ts'

/** The tick thread, seen from the thread that sends. */
export interface TickThread extends AsyncDisposable {
  /** The schedule is written: keep time from now on. */
  start(): void
  /** Takes the wake-up, and says how far the sending thread is: the index of the next request not taken up. */
  progress(next: number): void
  /** How the thread kept time so far. */
  health(): { count: number; lateMs: { p50: number | null; p99: number | null } }
}

/**
 * Starts it and waits until it runs.
 * @param onTick runs on this thread whenever something is due.
 * @param onError the thread died; nothing keeps time any more.
 */
export async function startTickThread(
  board: TickBoard,
  onTick: () => void,
  onError: (error: unknown) => void,
): Promise<TickThread> {
  const worker = new Worker(new URL('./tick-worker.ts', import.meta.url), { workerData: board })
  worker.on('message', onTick)
  worker.on('error', onError)
  await once(worker, 'online')

  function enter(phase: number): void {
    Atomics.store(board.state, STATE.phase, phase)
    Atomics.notify(board.state, STATE.phase)
  }

  return {
    start: () => enter(PHASE.running),
    progress(next) {
      Atomics.store(board.state, STATE.next, next)
      Atomics.store(board.state, STATE.awaited, 0)
      Atomics.notify(board.state, STATE.awaited)
    },
    health() {
      const count = Atomics.load(board.state, STATE.ticks)
      const late = createHistogram()
      for (const lateUs of board.lateUs.subarray(0, Math.min(count, LATE_SLOTS))) late.record(lateUs)
      return { count, lateMs: { p50: late.percentileMs(50), p99: late.percentileMs(99) } }
    },
    async [Symbol.asyncDispose]() {
      enter(PHASE.over)
      await worker.terminate()
    },
  }
}
