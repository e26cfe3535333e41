/** The memory that the relay and its alarm thread share. */
export interface AlarmBoard {
  /** Slots named by SLOT. */
  state: Int32Array<SharedArrayBuffer>
  /** The next moment to wake the relay at, µs on the monotonic clock. */
  nextUs: BigInt64Array<SharedArrayBuffer>
}

export const SLOT = {
  /** Grows with every moment asked for. */
  asked: 0,
} as const
