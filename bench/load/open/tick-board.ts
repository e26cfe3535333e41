/** The memory that the sending thread and the tick thread share. */
export interface TickBoard {
  /** Slots named by STATE. */
  state: Int32Array<SharedArrayBuffer>
  /** When each request is due, µs on the monotonic clock; after the last of them, when the run ends. */
  dueUs: Float64Array<SharedArrayBuffer>
  /** The last LATE_SLOTS times that the tick thread woke: how long after the wanted moment, µs. */
  lateUs: Float64Array<SharedArrayBuffer>
}

export const STATE = {
  /** 0: the schedule is not written yet; 1: keep time; 2: end. */
  phase: 0,
  /** Index of the next request that is not yet taken up, written by the sending thread. */
  next: 1,
  /** 1: a wake-up was sent and not yet taken. */
  awaited: 2,
  /** How many wake-ups were sent. */
  ticks: 3,
} as const

export const PHASE = { waiting: 0, running: 1, over: 2 } as const

export const LATE_SLOTS = 65_536

export function createTickBoard(arrivals: number): TickBoard {
  return {
    state: new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)),
    dueUs: new Float64Array(new SharedArrayBuffer((arrivals + 1) * Float64Array.BYTES_PER_ELEMENT)),
    lateUs: new Float64Array(new SharedArrayBuffer(LATE_SLOTS * Float64Array.BYTES_PER_ELEMENT)),
  }
}
