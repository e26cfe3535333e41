/** The memory that the sending thread and the tick thread share during one run. */
export interface TickBoard {
  /** Slots named by STATE. */
  state: Int32Array<SharedArrayBuffer>
  /** When each request is due, µs on the monotonic clock; after the last of them, when the run ends. */
  dueUs: Float64Array<SharedArrayBuffer>
  /** The last LATE_SLOTS times that the tick thread woke: how long after the wanted moment, µs. */
  lateUs: Float64Array<SharedArrayBuffer>
}

export const STATE = {
  /** 1: the run is over. */
  over: 0,
  /** 1: a wake-up was sent and is not yet taken. */
  awaited: 1,
  /** How many wake-ups were sent. */
  ticks: 2,
} as const

/**
 * A wake-up takes 50 to 80 µs to reach the sending thread and become bytes. It is sent that much ahead, and the sending
 * thread spins out what is left: a few µs as a rule, this long at most. Ahead by 40 µs, requests left 56 µs late in
 * the median at 1,500/s; ahead by 80, 40.
 */
export const WAKE_AHEAD_US = 80

export const LATE_SLOTS = 65_536

export function createTickBoard(arrivals: number): TickBoard {
  return {
    state: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
    dueUs: new Float64Array(new SharedArrayBuffer((arrivals + 1) * Float64Array.BYTES_PER_ELEMENT)),
    lateUs: new Float64Array(new SharedArrayBuffer(LATE_SLOTS * Float64Array.BYTES_PER_ELEMENT)),
  }
}
